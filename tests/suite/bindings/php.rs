//! PHP: the command line, and php-fpm behind nginx.
