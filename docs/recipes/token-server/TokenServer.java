// A token server for Telnyx. Java 17 or newer, no packages.
//
//   TELNYX_API_KEY=KEY… ALLOWED_ORIGIN=https://app.example SESSIONS=session-key=credential-id java TokenServer.java
//
// POST /token with "Authorization: Bearer session-key" answers { "token": "eyJ…", "expiresAt": 1798761600 }.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public class TokenServer {
    /** A token lasts a day: whoever asks this often in one minute has a loop in the page. */
    static final int MOST_PER_MINUTE = 10;

    static final String API = System.getenv().getOrDefault("TELNYX_API", "https://api.telnyx.com/v2");
    static final String API_KEY = required("TELNYX_API_KEY");
    static final String ALLOWED_ORIGIN = required("ALLOWED_ORIGIN");

    /** Which session may have tokens of which credential. Put your own sign-in here. */
    static final Map<String, String> CREDENTIALS = Arrays.stream(required("SESSIONS").split(","))
        .map(pair -> pair.split("=", 2)).collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));

    static final Pattern BEARER = Pattern.compile("Bearer (\\S+)");
    static final Pattern EXPIRY = Pattern.compile("\"exp\"\\s*:\\s*(\\d+)");
    static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    static final Map<String, Asked> asked = new ConcurrentHashMap<>();

    record Asked(long minute, int count) {}

    record Answer(int status, Map<String, String> headers, String body) {
        static Answer error(int status, String words) {
            return new Answer(status, Map.of(), "{\"error\":\"" + words + "\"}");
        }
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", TokenServer::handle);
        server.start();
        System.out.println("token server at http://127.0.0.1:" + server.getAddress().getPort() + "/token");
    }

    static void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "application/json");
            headers.set("Cache-Control", "no-store");
            headers.set("Access-Control-Allow-Origin", ALLOWED_ORIGIN);
            headers.set("Vary", "Origin");
            answer.headers().forEach(headers::set);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) exchange.getResponseBody().write(body);
        }
    }

    static Answer answer(HttpExchange exchange) {
        if (!exchange.getRequestURI().getPath().equals("/token")) return Answer.error(404, "there is only /token");
        String method = exchange.getRequestMethod();
        if (method.equals("OPTIONS")) {
            return new Answer(204, Map.of("Access-Control-Allow-Methods", "POST",
                "Access-Control-Allow-Headers", "authorization", "Access-Control-Max-Age", "600"), "");
        }
        if (!method.equals("POST")) {
            return new Answer(405, Map.of("Allow", "POST, OPTIONS"), "{\"error\":\"use POST\"}");
        }
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        var bearer = BEARER.matcher(authorization == null ? "" : authorization);
        String session = bearer.matches() ? bearer.group(1) : "";
        String credential = CREDENTIALS.get(session);
        if (credential == null) return Answer.error(401, "sign in first");
        if (isTooOften(session)) {
            return new Answer(429, Map.of("Retry-After", "60"), "{\"error\":\"too many requests\"}");
        }
        return issue(credential);
    }

    static Answer issue(String credential) {
        String id = URLEncoder.encode(credential, StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(URI.create(API + "/telephony_credentials/" + id + "/token"))
            .header("Authorization", "Bearer " + API_KEY).timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.noBody()).build();
        try {
            var response = CLIENT.send(request, BodyHandlers.ofString());
            if (response.statusCode() == 429) {
                String wait = response.headers().firstValue("x-ratelimit-reset").orElse("1");
                return new Answer(503, Map.of("Retry-After", wait), "{\"error\":\"Telnyx is busy\"}");
            }
            if (response.statusCode() / 100 != 2) {
                System.err.println("Telnyx refused a token: " + response.statusCode() + " " + response.body());
                return Answer.error(502, "Telnyx refused a token");
            }
            // A token has no character that JSON would escape.
            String token = response.body().strip();
            return new Answer(200, Map.of(), "{\"token\":\"" + token + "\",\"expiresAt\":" + expiry(token) + "}");
        } catch (IOException | InterruptedException error) {
            System.err.println("Telnyx cannot be reached: " + error);
            return Answer.error(502, "Telnyx cannot be reached");
        }
    }

    /** Seconds since 1970, as the token says; null where it does not. */
    static String expiry(String token) {
        String[] parts = token.split("\\.");
        if (parts.length < 2) return "null";
        try {
            var found = EXPIRY.matcher(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
            return found.find() ? found.group(1) : "null";
        } catch (IllegalArgumentException notBase64) {
            return "null";
        }
    }

    static boolean isTooOften(String session) {
        long minute = Instant.now().getEpochSecond() / 60;
        return asked.merge(session, new Asked(minute, 1), (before, first) ->
            before.minute() == minute ? new Asked(minute, before.count() + 1) : first).count() > MOST_PER_MINUTE;
    }

    static String required(String name) {
        String value = System.getenv(name);
        if (value != null && !value.isEmpty()) return value;
        System.err.println("set " + name);
        System.exit(1);
        return null;
    }
}
