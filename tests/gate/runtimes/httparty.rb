require "httparty"
url, auth, body = ARGV
puts HTTParty.post(url, body: body, headers: { "Authorization" => auth, "Content-Type" => "application/json" }).code
