require "faraday"
url, auth, body = ARGV
puts Faraday.post(url, body, "Authorization" => auth, "Content-Type" => "application/json").status
