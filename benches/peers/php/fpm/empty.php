<?php

// What php-fpm and the way to it take alone.
echo 1;
