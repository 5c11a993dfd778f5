package io.galerne.cli.events;

import io.galerne.cli.CommandFailedException;
import io.galerne.cli.Shell;
import io.galerne.cli.logging.StderrLogging;
import io.galerne.client.HttpHook;
import io.galerne.client.Mistral;
import io.galerne.client.Retries;
import io.galerne.client.error.MistralException;
import io.galerne.client.error.UnauthorizedException;
import io.galerne.client.stream.StreamEventsRequest;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Builds a client from options, and requests from filters.
public final class ServerCalls {
  private static final int HIGHEST_PORT = 65535;

  private ServerCalls() {}

  /// The work that a command does with its client.
  public interface Work {
    int with(Mistral mistral) throws Exception;
  }

  /// Runs a lookup with the retries of `galerne list`: retries temporary failures, and reports them
  /// on `err`.
  ///
  /// @return what the work returns, the exit code
  /// @throws CommandFailedException if the server cannot be reached, or refuses
  public static int lookUp(Shell shell, ServerOptions server, PrintWriter err, Work work)
      throws Exception {
    CallRetries retries =
        new CallRetries(line -> {
          err.println(line);
          err.flush();
        });
    return run(shell, server, List.of(retries), CallRetries.OF_ANSWERS, work);
  }

  /// Runs work with a client of the server.
  ///
  /// @return what the work returns, the exit code
  /// @throws CommandFailedException if the server cannot be reached, or refuses
  static int run(Shell shell, ServerOptions server, Work work) throws Exception {
    return run(shell, server, List.of(), work);
  }

  /// As [#run(Shell, ServerOptions, Work)], with hooks that see requests and answers.
  static int run(Shell shell, ServerOptions server, List<HttpHook> hooks, Work work)
      throws Exception {
    return run(shell, server, hooks, Retries.off(), work);
  }

  private static int run(
      Shell shell, ServerOptions server, List<HttpHook> hooks, Retries retries, Work work)
      throws Exception {
    StderrLogging.withoutClient();
    requireUsable(server.url);
    Mistral.Builder builder =
        Mistral.builder()
            .serverUrl(server.url)
            .apiKey(key(shell, server))
            .userAgent("galerne-cli")
            .retries(retries);
    hooks.forEach(builder::hook);
    if (server.caCert != null) {
      builder.sslContext(TrustedAuthorities.of(server.caCert));
    }
    try (Mistral mistral = builder.build()) {
      return work.with(mistral);
    } catch (MistralException e) {
      String hint =
          e instanceof UnauthorizedException && server.leavesMistralKeyOut(shell.environment())
              ? ". MISTRAL_API_KEY is set, but is only sent to Mistral's own servers"
              : "";
      throw new CommandFailedException(ServerFailure.message(e, server) + hint, e);
    }
  }

  /// Returns the failure of a call and what to do, in the words of the command line.
  public static String words(MistralException failure, ServerOptions server) {
    return ServerFailure.message(failure, server);
  }

  private static void requireUsable(String url) {
    try {
      URI server = new URI(url);
      String scheme = String.valueOf(server.getScheme()).toLowerCase(Locale.ROOT);
      if (Set.of("http", "https").contains(scheme)
          && server.getHost() != null
          && server.getPort() <= HIGHEST_PORT
          && server.getRawUserInfo() == null
          && server.getRawQuery() == null
          && server.getRawFragment() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      // reported below
    }
    throw new IllegalArgumentException(
        "--url must be like https://host:port/path, without user, query or fragment; it is '"
            + url
            + "'");
  }

  private static @Nullable String key(Shell shell, ServerOptions server) {
    String key = server.key(shell.environment());
    if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "the API key has a space, a line break or another character that no key has: check"
              + " --api-key or GALERNE_API_KEY");
    }
    return key;
  }

  /// Returns a request for a stream with these filters.
  static StreamEventsRequest.Builder streamRequest(FilterOptions filters) {
    StreamEventsRequest.Builder request =
        StreamEventsRequest.builder()
            .workflowExecId(orAny(filters.workflowExecId))
            .rootWorkflowExecId(orAny(filters.rootWorkflowExecId))
            .parentWorkflowExecId(orAny(filters.parentWorkflowExecId))
            .workflowName(orAny(filters.workflowName))
            .activityName(orAny(filters.activityName))
            .activityId(orAny(filters.activityId))
            .stream(orAny(filters.stream))
            .scope(filters.scope)
            .workflowEventTypes(filters.workflowEventTypes);
    if (filters.metadata.containsKey("")) {
      throw new IllegalArgumentException("--metadata needs a key before the =, as in tenant=acme");
    }
    filters.metadata.forEach(request::metadataFilter);
    return request;
  }

  private static String orAny(@Nullable String value) {
    return value == null ? StreamEventsRequest.ANY : value;
  }
}
