# A token server for Telnyx. Ruby 3.0 or newer, and WEBrick: gem install webrick
#
#   TELNYX_API_KEY=KEY… ALLOWED_ORIGIN=https://app.example SESSIONS=session-key=credential-id ruby ruby.rb
#
# POST /token with "Authorization: Bearer session-key" answers { "token": "eyJ…", "expiresAt": 1798761600 }.

require "base64"
require "json"
require "net/http"
require "webrick"

# A token lasts a day: whoever asks this often in one minute has a loop in the page.
MOST_PER_MINUTE = 10

def required(name)
  ENV.fetch(name) { abort "set #{name}" }
end

API = ENV.fetch("TELNYX_API", "https://api.telnyx.com/v2")
API_KEY = required("TELNYX_API_KEY")
ALLOWED_ORIGIN = required("ALLOWED_ORIGIN")
# Which session may have tokens of which credential. Put your own sign-in here.
CREDENTIALS = required("SESSIONS").split(",").to_h { |pair| pair.split("=", 2) }

ASKED = {}
ASKING = Mutex.new

def too_often?(session)
  minute = Time.now.to_i / 60
  ASKING.synchronize do
    before, count = ASKED.fetch(session, [minute, 0])
    ASKED[session] = [minute, before == minute ? count + 1 : 1]
    ASKED[session].last > MOST_PER_MINUTE
  end
end

# Status, headers and body of the answer.
def issue(credential)
  uri = URI("#{API}/telephony_credentials/#{URI.encode_www_form_component(credential)}/token")
  options = { use_ssl: uri.scheme == "https", open_timeout: 5, read_timeout: 5 }
  response = Net::HTTP.start(uri.host, uri.port, **options) do |http|
    http.request(Net::HTTP::Post.new(uri, "Authorization" => "Bearer #{API_KEY}"))
  end
  case response
  when Net::HTTPSuccess
    token = response.body.strip
    [200, {}, { token: token, expiresAt: expiry(token) }]
  when Net::HTTPTooManyRequests
    [503, { "Retry-After" => response["x-ratelimit-reset"] || "1" }, { error: "Telnyx is busy" }]
  else
    warn "Telnyx refused a token: #{response.code} #{response.body}"
    [502, {}, { error: "Telnyx refused a token" }]
  end
rescue SystemCallError, SocketError, IOError, Timeout::Error, OpenSSL::SSL::SSLError => error
  warn "Telnyx cannot be reached: #{error}"
  [502, {}, { error: "Telnyx cannot be reached" }]
end

# Seconds since 1970, as the token says; nil where it does not.
def expiry(token)
  JSON.parse(Base64.urlsafe_decode64(token.split(".")[1].to_s))["exp"]
rescue ArgumentError, JSON::ParserError
  nil
end

def answer(request)
  return [404, {}, { error: "there is only /token" }] if request.path != "/token"
  if request.request_method == "OPTIONS"
    allowed = { "Access-Control-Allow-Methods" => "POST", "Access-Control-Allow-Headers" => "authorization" }
    return [204, { **allowed, "Access-Control-Max-Age" => "600" }, nil]
  end
  return [405, { "Allow" => "POST, OPTIONS" }, { error: "use POST" }] if request.request_method != "POST"
  session = request["authorization"].to_s[/\ABearer (\S+)\z/, 1]
  credential = CREDENTIALS[session]
  return [401, {}, { error: "sign in first" }] if credential.nil?
  return [429, { "Retry-After" => "60" }, { error: "too many requests" }] if too_often?(session)
  issue(credential)
end

server = WEBrick::HTTPServer.new(
  BindAddress: "127.0.0.1", Port: ENV.fetch("PORT", "8080").to_i,
  AccessLog: [], Logger: WEBrick::Log.new($stderr, WEBrick::Log::WARN),
)
# A servlet of its own: WEBrick's usual ones do not let OPTIONS through.
servlet = Class.new(WEBrick::HTTPServlet::AbstractServlet) do
  def service(request, response)
    status, headers, body = answer(request)
    response.status = status
    response["Content-Type"] = "application/json"
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = ALLOWED_ORIGIN
    response["Vary"] = "Origin"
    headers.each { |name, value| response[name] = value }
    response.body = body ? JSON.generate(body) : ""
  end
end
server.mount("/", servlet)
%w[INT TERM].each { |signal| trap(signal) { server.shutdown } }
puts "token server at http://127.0.0.1:#{server.listeners.first.addr[1]}/token"
$stdout.flush
server.start
