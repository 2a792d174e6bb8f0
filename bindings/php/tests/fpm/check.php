<?php

declare(strict_types=1);

require getenv('PACKAGE_DIR') . '/bin/check.php';
