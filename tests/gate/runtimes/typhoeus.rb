require "typhoeus"
url, auth, body = ARGV
puts Typhoeus.post(url, body: body, headers: { "Authorization" => auth, "Content-Type" => "application/json" }).code
