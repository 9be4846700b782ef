require "net/http"
url, auth, body = ARGV
uri = URI(url)
headers = { "Authorization" => auth, "Content-Type" => "application/json" }
http = Net::HTTP.new(uri.host, uri.port)
http.use_ssl = uri.scheme == "https"
puts http.post(uri.request_uri, body, headers).code
