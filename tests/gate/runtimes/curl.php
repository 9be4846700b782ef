<?php
[, $url, $auth, $body] = $argv;
$call = curl_init($url);
curl_setopt_array($call, [
    CURLOPT_POSTFIELDS => $body,
    CURLOPT_HTTPHEADER => ["Authorization: $auth", "Content-Type: application/json"],
    CURLOPT_RETURNTRANSFER => true,
]);
if (curl_exec($call) === false) {
    fwrite(STDERR, curl_error($call));
}
echo curl_getinfo($call, CURLINFO_RESPONSE_CODE);
