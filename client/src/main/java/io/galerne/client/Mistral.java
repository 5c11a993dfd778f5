package io.galerne.client;

import io.galerne.client.internal.calls.HttpMistral;
import io.galerne.client.internal.http.Backoff;
import io.galerne.client.internal.http.ClientSettings;
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

/// A client of the Events API of Mistral Workflows: of the hosted service, or of any server that
/// speaks its wire.
///
/// ```java
/// try (Mistral mistral = Mistral.fromEnv();
///     EventStream stream =
///         mistral.events().getStreamEvents(b -> b.workflowExecId("document-review-7f3a"))) {
///   // first what is stored, then what comes, until the stream is closed
///   for (StreamEvent event : stream) {
///     System.out.println(event.brokerSequence() + " " + event.data().eventType());
///   }
/// }
/// ```
///
/// Safe for use by several threads; one is enough for a program. Closing it closes its streams and
/// fails its calls.
///
/// It logs to the `System.Logger` `io.galerne.client`: gaps and events that were not sent as warnings,
/// repeats and reconnections as information, each answer as debugging. Neither logs nor exceptions
/// show the API key, a header or a body that was sent, or a parameter that looks like a secret.
///
/// A test may implement this interface, or the ones that it returns, instead of running a server.
/// Later versions may add methods, with a default.
public interface Mistral extends AutoCloseable {
  /// The hosted service.
  String DEFAULT_SERVER_URL = "https://api.mistral.ai";

  /// A server that can be reached is reached within this.
  Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /// As in the official clients.
  Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofMinutes(5);

  /// Four times the silence after which servers send a comment.
  Duration DEFAULT_SILENCE_TIMEOUT = Duration.ofSeconds(60);

  /// A client with defaults, of the server that the environment names.
  ///
  /// `MISTRAL_API_KEY` is the key, and `MISTRAL_SERVER_URL` the server, by default the hosted
  /// service. If `MISTRAL_SERVER_URL` is not set but `GALERNE_URL` is, that is the server, and
  /// `GALERNE_API_KEY` its key: `MISTRAL_API_KEY` is not sent to it. An empty variable counts as not
  /// set. A server of your own may need no key.
  ///
  /// @throws IllegalStateException if neither a key for the hosted service nor a server is set, or a
  ///     value is unusable; the message names the variable
  static Mistral fromEnv() {
    return builder().fromEnv().build();
  }

  /// Starts from the hosted service, without a key.
  static Builder builder() {
    return new Builder();
  }

  /// Streams, lists and publishes events.
  Events events();

  /// Everything else about workflows.
  Workflows workflows();

  /// The same operations without waiting for them: each returns a `CompletableFuture`, or a
  /// `Flow.Publisher` of events.
  MistralAsync async();

  /// Closes its streams and fails the calls that are under way, then ends its threads and
  /// connections, without waiting for that. Before Java 21, where a `HttpClient` cannot be closed,
  /// its connections and one thread go with the next garbage collection. A `HttpClient` or an
  /// executor that was passed in stays as it is. May be called often, by any thread.
  @Override
  void close();

  /// Collects settings; every one has a default. Not safe for use by several threads.
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

    /// Takes the server and the key from the environment, as [Mistral#fromEnv()] does; settings
    /// after it replace them.
    ///
    /// @throws IllegalStateException as [Mistral#fromEnv()]
    public Builder fromEnv() {
      return fromEnv(System::getenv);
    }

    Builder fromEnv(UnaryOperator<@Nullable String> variables) {
      new Environment(variables).configure(this);
      return this;
    }

    /// Where the server is, such as `http://localhost:8080`; a path is kept. By default
    /// [Mistral#DEFAULT_SERVER_URL].
    public Builder serverUrl(String serverUrl) {
      this.serverUrl = serverUrl;
      return this;
    }

    /// What goes out as `Authorization: Bearer …`; null, the default, for a server that wants none.
    public Builder apiKey(@Nullable String apiKey) {
      this.apiKey = apiKey == null ? null : () -> apiKey;
      return this;
    }

    /// Asked for the key before each request, so that it can change. Called by several threads;
    /// must not block.
    public Builder apiKey(Supplier<@Nullable String> apiKey) {
      this.apiKey = apiKey;
      return this;
    }

    /// A header for every request, in place of one of that name that the client would send.
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /// What the client calls itself.
    public Builder userAgent(String userAgent) {
      this.userAgent = userAgent;
      return this;
    }

    /// How long making a connection may take; by default [Mistral#DEFAULT_CONNECT_TIMEOUT].
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = Backoff.requirePositive(connectTimeout, "connectTimeout");
      return this;
    }

    /// How long a whole answer may take, repeats not counted; of a stream, its headers. By default
    /// [Mistral#DEFAULT_REQUEST_TIMEOUT].
    public Builder requestTimeout(Duration requestTimeout) {
      this.requestTimeout = Backoff.requirePositive(requestTimeout, "requestTimeout");
      return this;
    }

    /// After how long without a byte a stream's connection counts as dead; by default
    /// [Mistral#DEFAULT_SILENCE_TIMEOUT].
    public Builder silenceTimeout(Duration silenceTimeout) {
      this.silenceTimeout = Backoff.requirePositive(silenceTimeout, "silenceTimeout");
      return this;
    }

    /// Which proxy to use for which URL; by default that of the system.
    public Builder proxy(ProxySelector proxy) {
      this.proxy = proxy;
      return this;
    }

    /// Which certificates to trust, and which to show; by default those of the system.
    public Builder sslContext(SSLContext sslContext) {
      this.sslContext = sslContext;
      return this;
    }

    /// An HTTP client of the caller's own, in place of one made from the settings above.
    public Builder httpClient(HttpClient httpClient) {
      this.httpClient = httpClient;
      return this;
    }

    /// Sees every request and every answer; several are called in the order in which they were
    /// added.
    public Builder hook(HttpHook hook) {
      hooks.add(hook);
      return this;
    }

    /// Runs what the asynchronous forms do, each of which may take a thread for as long as a stream
    /// is open: virtual threads are fine. By default, each has a daemon thread of its own.
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /// How calls are retried; by default [Retries#off()].
    public Builder retries(Retries retries) {
      this.retries = retries;
      return this;
    }

    /// How streams reconnect; by default [Reconnection#defaults()].
    public Builder reconnection(Reconnection reconnection) {
      this.reconnection = reconnection;
      return this;
    }

    /// How payloads that come encoded are decoded, in streams and lists; by default, they stay as
    /// they come. Reading an event throws a [io.galerne.client.error.DecodingException] where one of
    /// its payloads cannot be decoded.
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

    /// Makes the client.
    ///
    /// @throws IllegalArgumentException if the server's URL is not one, or a header or the key cannot
    ///     be sent
    /// @throws IllegalStateException if there is a `HttpClient` as well as a setting that belongs to
    ///     one, or if the versions of Jackson's libraries do not fit together; the message says what
    ///     to change
    public Mistral build() {
      Json.NULL.tree(); // says so now, and not on some thread when the first answer is read
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
