<?php
[, $url, $auth, $body] = $argv;
$http = ["method" => "POST", "content" => $body, "header" => "Authorization: $auth\r\nContent-Type: application/json\r\n"];
file_get_contents($url, false, stream_context_create(["http" => $http]));
echo explode(" ", $http_response_header[0] ?? "none none")[1];
