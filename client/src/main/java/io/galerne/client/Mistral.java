package io.galerne.client;

import io.galerne.client.internal.calls.HttpMistral;
import io.galerne.client.internal.http.Backoff;
import io.galerne.client.internal.http.ClientSettings;
import io.galerne.client.internal.http.Environment;
import io.galerne.client.internal.http.HttpSender;
import io.galerne.client.internal.http.ServerUrl;
import io.galerne.client.internal.http.Time;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A client of the Mistral Workflows Events API, for the hosted service or any compatible server.
///
/// ```java
/// try (Mistral mistral = Mistral.fromEnv();
///     EventStream stream =
///         mistral.events().getStreamEvents(b -> b.workflowExecId("document-review-7f3a"))) {
///   // first the stored events, then new ones, until the stream is closed
///   for (StreamEvent event : stream) {
///     System.out.println(event.brokerSequence() + " " + event.data().eventType());
///   }
/// }
/// ```
///
/// Thread-safe; one client per program is enough. Closing it closes its streams and fails its
/// calls.
///
/// It logs to the `System.Logger` `io.galerne.client`: gaps and unsent events at `WARNING`, retries
/// and reconnections at `INFO`, each response at `DEBUG`. Neither logs nor exceptions show the API
/// key, request headers or bodies, or parameters that look like secrets.
///
/// A test may implement this interface, or the ones that it returns, instead of running a server.
/// Later versions may add default methods.
public interface Mistral extends AutoCloseable {
  /// The URL of the hosted service.
  String DEFAULT_SERVER_URL = "https://api.mistral.ai";

  /// The default connect timeout.
  Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /// The default request timeout, that of the official clients.
  Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofMinutes(5);

  /// The default silence timeout: four times the interval at which servers send keep-alive
  /// comments.
  Duration DEFAULT_SILENCE_TIMEOUT = Duration.ofSeconds(60);

  /// Creates a client with default settings for the server and key in the environment.
  ///
  /// `MISTRAL_API_KEY` is the key, and `MISTRAL_SERVER_URL` the server, by default the hosted
  /// service. If `MISTRAL_SERVER_URL` is not set but `GALERNE_URL` is, that is the server, and
  /// `GALERNE_API_KEY` its key: `MISTRAL_API_KEY` is not sent to it. An empty variable counts as
  /// unset. A self-hosted server may need no key.
  ///
  /// @throws IllegalStateException if neither a key for the hosted service nor a server is set, or
  ///     a value is invalid; the message names the variable
  static Mistral fromEnv() {
    return builder().fromEnv().build();
  }

  /// A builder for the hosted service, without a key.
  static Builder builder() {
    return new Builder();
  }

  /// Streams, lists and publishes events.
  Events events();

  /// Looks up runs, executions, traces and metrics.
  Workflows workflows();

  /// The non-blocking variants: each returns a `CompletableFuture`, or a `Flow.Publisher` of
  /// events.
  MistralAsync async();

  /// Closes the client's streams and fails its pending calls, then ends its threads and connections
  /// without waiting for them. Before Java 21, an `HttpClient` cannot be closed: its connections
  /// and one thread live until the next garbage collection. An `HttpClient` or executor that the
  /// caller passed in stays open. Idempotent and thread-safe.
  @Override
  void close();

  /// Builds the settings; every one has a default. Not thread-safe.
  final class Builder {
    private String serverUrl = DEFAULT_SERVER_URL;
    private @Nullable Supplier<@Nullable String> apiKey;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String userAgent = "galerne-client (Java " + Runtime.version().feature() + ")";
    private @Nullable Duration connectTimeout;
    private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
    private Duration silenceTimeout = DEFAULT_SILENCE_TIMEOUT;
    private @Nullable ProxySelector proxy;
    private @Nullable SSLContext sslContext;
    private @Nullable HttpClient httpClient;
    private final List<HttpHook> hooks = new ArrayList<>();
    private @Nullable Executor executor;
    private Retries retries = Retries.off();
    private Reconnection reconnection = Reconnection.defaults();
    private @Nullable PayloadDecoder decoder;
    private Time time = Time.SYSTEM;
    private RandomGenerator random = new Random();

    private Builder() {}

    /// Sets the server and the key from the environment, as [Mistral#fromEnv()] does; later calls
    /// override them.
    ///
    /// @throws IllegalStateException as [Mistral#fromEnv()]
    public Builder fromEnv() {
      return fromEnv(System::getenv);
    }

    Builder fromEnv(UnaryOperator<@Nullable String> variables) {
      new Environment(variables).configure(this);
      return this;
    }

    /// The server's URL, such as `http://localhost:8080`, optionally with a path.
    /// [Mistral#DEFAULT_SERVER_URL] by default.
    public Builder serverUrl(String serverUrl) {
      this.serverUrl = serverUrl;
      return this;
    }

    /// The API key, sent as `Authorization: Bearer …`; null, the default, sends none.
    public Builder apiKey(@Nullable String apiKey) {
      this.apiKey = apiKey == null ? null : () -> apiKey;
      return this;
    }

    /// Supplies the API key before each request, so that it can change. Called by several threads;
    /// must not block.
    public Builder apiKey(Supplier<@Nullable String> apiKey) {
      this.apiKey = apiKey;
      return this;
    }

    /// Adds a header to every request; overrides the client's own header of that name.
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /// The `User-Agent` header.
    public Builder userAgent(String userAgent) {
      this.userAgent = userAgent;
      return this;
    }

    /// The timeout for opening a connection; [Mistral#DEFAULT_CONNECT_TIMEOUT] by default.
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = Backoff.requirePositive(connectTimeout, "connectTimeout");
      return this;
    }

    /// The timeout for a whole response, or for the headers of a stream; each retry starts over.
    /// [Mistral#DEFAULT_REQUEST_TIMEOUT] by default.
    public Builder requestTimeout(Duration requestTimeout) {
      this.requestTimeout = Backoff.requirePositive(requestTimeout, "requestTimeout");
      return this;
    }

    /// How long a stream may receive no bytes before its connection counts as dead;
    /// [Mistral#DEFAULT_SILENCE_TIMEOUT] by default.
    public Builder silenceTimeout(Duration silenceTimeout) {
      this.silenceTimeout = Backoff.requirePositive(silenceTimeout, "silenceTimeout");
      return this;
    }

    /// Selects the proxy for each URL; the system's by default.
    public Builder proxy(ProxySelector proxy) {
      this.proxy = proxy;
      return this;
    }

    /// The trusted certificates and the client's own; the system's by default.
    public Builder sslContext(SSLContext sslContext) {
      this.sslContext = sslContext;
      return this;
    }

    /// An HTTP client to use instead of one built from the settings above. The caller closes it.
    public Builder httpClient(HttpClient httpClient) {
      this.httpClient = httpClient;
      return this;
    }

    /// Adds a hook that sees every request and response. Hooks are called in the order in which
    /// they were added.
    public Builder hook(HttpHook hook) {
      hooks.add(hook);
      return this;
    }

    /// Runs the asynchronous streams and waits. Each may occupy a thread for as long as its stream
    /// is open; virtual threads are fine. By default, each gets a new daemon thread.
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /// How calls are retried; [Retries#off()] by default.
    public Builder retries(Retries retries) {
      this.retries = retries;
      return this;
    }

    /// How streams reconnect; [Reconnection#defaults()] by default.
    public Builder reconnection(Reconnection reconnection) {
      this.reconnection = reconnection;
      return this;
    }

    /// Decodes encoded payloads in streams and lists; by default, they stay encoded. Reading an
    /// event throws a [io.galerne.client.error.DecodingException] if one of its payloads cannot be
    /// decoded.
    public Builder decodePayloads(PayloadDecoder decoder) {
      this.decoder = decoder;
      return this;
    }

    Builder time(Time time) {
      this.time = time;
      return this;
    }

    Builder random(RandomGenerator random) {
      this.random = random;
      return this;
    }

    /// Builds the client.
    ///
    /// @throws IllegalArgumentException if the server's URL, a header or the key is invalid
    /// @throws IllegalStateException if an `HttpClient` is combined with a setting that belongs to
    ///     it, or if the versions of the Jackson libraries are incompatible; the message says what
    ///     to change
    public Mistral build() {
      Json.NULL.tree(); // fails here instead of on another thread with the first response
      return new HttpMistral(settings());
    }

    ClientSettings settings() {
      Duration timeout = connectTimeout == null ? DEFAULT_CONNECT_TIMEOUT : connectTimeout;
      return new ClientSettings(
          ServerUrl.of(serverUrl),
          apiKey,
          Map.copyOf(headers),
          userAgent,
          timeout,
          requestTimeout,
          silenceTimeout,
          http(timeout),
          List.copyOf(hooks),
          executor,
          retries,
          reconnection,
          decoder,
          time,
          random);
    }

    private HttpSender http(Duration timeout) {
      if (httpClient != null) {
        if (connectTimeout != null || proxy != null || sslContext != null) {
          throw new IllegalStateException(
              "Set connectTimeout, proxy and sslContext on the HttpClient that you pass in");
        }
        return HttpSender.with(httpClient);
      }
      HttpClient.Builder http =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout);
      if (proxy != null) {
        http.proxy(proxy);
      }
      if (sslContext != null) {
        http.sslContext(sslContext);
      }
      return HttpSender.owning(http);
    }
  }
}
