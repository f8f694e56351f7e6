<?php
// A token server for Telnyx. PHP 8.1 or newer, no packages.
//
//   export TELNYX_API_KEY=KEY… ALLOWED_ORIGIN=https://app.example SESSIONS=session-key=credential-id
//   php -S 127.0.0.1:8080 php.php
//
// POST /token with "Authorization: Bearer session-key" answers { "token": "eyJ…", "expiresAt": 1798761600 }.

declare(strict_types=1);

/** A token lasts a day: whoever asks this often in one minute has a loop in the page. */
const MOST_PER_MINUTE = 10;

[$status, $headers, $body] = answer();
http_response_code($status);
header('Content-Type: application/json');
header('Cache-Control: no-store');
header('Access-Control-Allow-Origin: ' . required('ALLOWED_ORIGIN'));
header('Vary: Origin');
foreach ($headers as $name => $value) {
    header("$name: $value");
}
echo $body === null ? '' : json_encode($body, JSON_UNESCAPED_SLASHES);

function answer(): array
{
    $method = $_SERVER['REQUEST_METHOD'];
    if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) !== '/token') {
        return [404, [], ['error' => 'there is only /token']];
    }
    if ($method === 'OPTIONS') {
        $allowed = ['Access-Control-Allow-Methods' => 'POST', 'Access-Control-Allow-Headers' => 'authorization'];
        return [204, [...$allowed, 'Access-Control-Max-Age' => '600'], null];
    }
    if ($method !== 'POST') {
        return [405, ['Allow' => 'POST, OPTIONS'], ['error' => 'use POST']];
    }
    $isBearer = preg_match('/^Bearer (\S+)$/', $_SERVER['HTTP_AUTHORIZATION'] ?? '', $found) === 1;
    $credential = $isBearer ? credentials()[$found[1]] ?? null : null;
    if ($credential === null) {
        return [401, [], ['error' => 'sign in first']];
    }
    if (isTooOften($found[1])) {
        return [429, ['Retry-After' => '60'], ['error' => 'too many requests']];
    }
    return issue($credential);
}

/** Which session may have tokens of which credential. Put your own sign-in here. */
function credentials(): array
{
    $pairs = array_map(fn ($pair) => explode('=', $pair, 2), explode(',', required('SESSIONS')));
    return array_column($pairs, 1, 0);
}

/** Status, headers and body of the answer. */
function issue(string $credential): array
{
    $api = getenv('TELNYX_API') ?: 'https://api.telnyx.com/v2';
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Authorization: Bearer ' . required('TELNYX_API_KEY') . "\r\nContent-Length: 0",
        'timeout' => 10,
        'ignore_errors' => true,
    ]]);
    $text = @file_get_contents("$api/telephony_credentials/" . rawurlencode($credential) . '/token', false, $context);
    if ($text === false) {
        error_log('Telnyx cannot be reached: ' . (error_get_last()['message'] ?? ''));
        return [502, [], ['error' => 'Telnyx cannot be reached']];
    }
    preg_match('/^HTTP\/\S+ (\d+)/', $http_response_header[0], $found);
    $status = (int) $found[1];
    if ($status === 429) {
        $reset = preg_grep('/^x-ratelimit-reset:/i', $http_response_header);
        $wait = $reset ? trim(explode(':', end($reset))[1]) : '1';
        return [503, ['Retry-After' => $wait], ['error' => 'Telnyx is busy']];
    }
    if ($status < 200 || $status > 299) {
        error_log("Telnyx refused a token: $status $text");
        return [502, [], ['error' => 'Telnyx refused a token']];
    }
    $token = trim($text);
    return [200, [], ['token' => $token, 'expiresAt' => expiry($token)]];
}

/** Seconds since 1970, as the token says; null where it does not. */
function expiry(string $token): ?int
{
    $payload = strtr(explode('.', $token)[1] ?? '', '-_', '+/');
    return json_decode((string) base64_decode($payload), true)['exp'] ?? null;
}

/** PHP forgets everything between two requests: the counts are in a file, locked while it changes. */
function isTooOften(string $session): bool
{
    $file = fopen(sys_get_temp_dir() . '/token-server-' . hash('sha256', $session), 'c+');
    flock($file, LOCK_EX);
    $minute = intdiv(time(), 60);
    [$before, $count] = array_map('intval', explode(' ', stream_get_contents($file) . ' 0 0'));
    $count = $before === $minute ? $count + 1 : 1;
    ftruncate($file, 0);
    rewind($file);
    fwrite($file, "$minute $count");
    fclose($file);
    return $count > MOST_PER_MINUTE;
}

function required(string $name): string
{
    $value = getenv($name);
    if ($value === false || $value === '') {
        error_log("set $name");
        http_response_code(500);
        exit;
    }
    return $value;
}
