<?php

declare(strict_types=1);

// gate.php FILE...: refuses syntax, functions and classes that PHP 7.4 does not have. First it refuses samples.json, one
// sample for each thing that PHP 8 added. `#[\SensitiveParameter]` on a line of its own is a comment for PHP 7.4. Reads with nikic/php-parser (Debian: php-parser).

use PhpParser\Lexer\Emulative;
use PhpParser\Node;
use PhpParser\NodeTraverser;
use PhpParser\NodeVisitorAbstract;
use PhpParser\Parser\Php7;

require '/usr/share/php/PhpParser/autoload.php';

final class Newer extends NodeVisitorAbstract
{
    private const FUNCTIONS = ['str_contains', 'str_starts_with', 'str_ends_with', 'get_debug_type', 'get_resource_id', 'fdiv', 'preg_last_error_msg',
        'array_is_list', 'fsync', 'fdatasync', 'enum_exists', 'ini_parse_quantity', 'memory_reset_peak_usage', 'curl_upkeep',
        'openssl_cipher_key_length', 'json_validate', 'mb_str_pad', 'array_find', 'array_any', 'array_all', 'mb_trim', 'array_first', 'array_last'];
    private const CLASSES = ['stringable', 'weakmap', 'valueerror', 'unhandledmatcherror', 'attribute', 'phptoken', 'fiber', 'returntypewillchange',
        'sensitiveparameter', 'override'];
    private const TYPES = ['mixed', 'static', 'never', 'null', 'false', 'true'];

    /** @var string[] */
    public $found = [];

    public function enterNode(Node $node)
    {
        $why = $this->why($node);
        if ($why !== '') {
            $this->found[] = "line {$node->getStartLine()}: $why";
        }
        return null;
    }

    private function why(Node $node): string
    {
        if ($node instanceof Node\Expr\Match_ || $node instanceof Node\Stmt\Enum_ || $node instanceof Node\UnionType || $node instanceof Node\IntersectionType
            || $node instanceof Node\Expr\NullsafeMethodCall || $node instanceof Node\Expr\NullsafePropertyFetch || $node instanceof Node\AttributeGroup
            || $node instanceof Node\VariadicPlaceholder || $node instanceof Node\Expr\Throw_) {
            return $node->getType();
        }
        if ($node instanceof Node\Param && $node->flags !== 0) {
            return 'a promoted parameter';
        }
        if ($node instanceof Node\Arg && $node->name !== null) {
            return 'a named argument';
        }
        if ($node instanceof Node\Stmt\Catch_ && $node->var === null) {
            return 'catch without a variable';
        }
        if ($node instanceof Node\Stmt\Property && ($node->flags & Node\Stmt\Class_::MODIFIER_READONLY) !== 0
            || $node instanceof Node\Stmt\Class_ && ($node->flags & Node\Stmt\Class_::MODIFIER_READONLY) !== 0) {
            return 'readonly';
        }
        if ($node instanceof Node\Stmt\ClassConst && ($node->flags & Node\Stmt\Class_::MODIFIER_FINAL) !== 0) {
            return 'a final constant';
        }
        if ($node instanceof Node\Expr\ClassConstFetch && $node->class instanceof Node\Expr && (string) $node->name === 'class') {
            return '::class of an object';
        }
        if (($node instanceof Node\Param || $node instanceof Node\Const_ || $node instanceof Node\Stmt\StaticVar) && ($node->default ?? null) instanceof Node\Expr\New_) {
            return 'new in an initializer';
        }
        if ($node instanceof Node\Stmt\Trait_) {
            foreach ($node->stmts as $statement) {
                if ($statement instanceof Node\Stmt\ClassConst) {
                    return 'a constant in a trait';
                }
            }
        }
        foreach ([$node instanceof Node\FunctionLike ? $node->getReturnType() : null, $node instanceof Node\Param || $node instanceof Node\Stmt\Property ? $node->type : null] as $type) {
            $type = $type instanceof Node\NullableType ? $type->type : $type;
            if (($type instanceof Node\Identifier || $type instanceof Node\Name) && \in_array(strtolower((string) $type), self::TYPES, true)) {
                return "the type $type";
            }
        }
        if ($node instanceof Node\Expr\FuncCall && $node->name instanceof Node\Name && \in_array(strtolower((string) $node->name), self::FUNCTIONS, true)) {
            return "{$node->name}()";
        }
        if (($node instanceof Node\Expr\New_ || $node instanceof Node\Expr\Instanceof_ || $node instanceof Node\Expr\StaticCall) && $node->class instanceof Node\Name
            && \in_array(strtolower((string) $node->class), self::CLASSES, true)) {
            return "class {$node->class}";
        }
        return '';
    }
}

/** @return string[] */
function newer_than_7_4(string $code): array
{
    $lexer = new Emulative(['phpVersion' => '7.4', 'usedAttributes' => ['startLine', 'endLine', 'startTokenPos', 'endTokenPos']]);
    $found = [];
    $code = (string) preg_replace('/^ *#\[\\\\SensitiveParameter\]$/m', '', $code);
    // The tree does not show a comma behind the last parameter, nor 0o17.
    $plain = preg_replace('/\s+/', ' ', implode('', array_map(static function ($token): string {
        return \is_array($token) ? (\in_array($token[0], [T_COMMENT, T_DOC_COMMENT], true) ? '' : (\in_array($token[0], [T_CONSTANT_ENCAPSED_STRING, T_ENCAPSED_AND_WHITESPACE], true) ? "''" : $token[1])) : $token;
    }, token_get_all($code))));
    if (preg_match('/\b(function|fn)\b[^(]*\([^()]*, ?\)/', $plain) === 1 || preg_match('/\buse \([^()]*, ?\)/', $plain) === 1) {
        $found[] = 'a comma behind the last parameter';
    }
    if (preg_match('/\b0[oO][0-7]/', $plain) === 1) {
        $found[] = '0o';
    }
    try {
        $tree = (new Php7($lexer))->parse($code);
        $newer = new Newer();
        $traverser = new NodeTraverser();
        $traverser->addVisitor($newer);
        $traverser->traverse($tree);
        return array_merge($found, $newer->found);
    } catch (PhpParser\Error $error) {
        return array_merge($found, [$error->getMessage()]);
    }
}

$failures = 0;
$samples = json_decode((string) file_get_contents(__DIR__ . '/samples.json'), true);
foreach ($samples['refused'] as $name => $sample) {
    if (newer_than_7_4("<?php $sample") === []) {
        echo "the gate lets through: $name\n";
        $failures++;
    }
}
foreach ($samples['accepted'] as $name => $sample) {
    foreach (newer_than_7_4("<?php $sample") as $why) {
        echo "the gate refuses $name: $why\n";
        $failures++;
    }
}
$files = \array_slice($argv, 1);
foreach ($files as $file) {
    foreach (newer_than_7_4((string) preg_replace('/^#![^\n]*\n/', '', (string) file_get_contents($file))) as $why) {
        echo "$file: $why\n";
        $failures++;
    }
}
printf("%d samples refused, %d files read, %d failures\n", \count($samples['refused']), \count($files), $failures);
exit($failures === 0 && $files !== [] ? 0 : 1);
