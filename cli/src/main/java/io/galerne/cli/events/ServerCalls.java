package io.galerne.cli.events;

import io.galerne.cli.CommandFailedException;
import io.galerne.cli.logging.StderrLogging;
import io.galerne.client.ConnectionException;
import io.galerne.client.HttpHook;
import io.galerne.client.HttpValidationException;
import io.galerne.client.Mistral;
import io.galerne.client.MistralException;
import io.galerne.client.SdkException;
import io.galerne.client.StreamEventsRequest;
import io.galerne.client.ValidationError;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// How commands reach a server: a client made from options, requests made from filters, and what
/// went wrong put into words for whoever typed the command.
final class ServerCalls {
  private ServerCalls() {}

  /// What a command does with its client.
  interface Work {
    int with(Mistral mistral) throws Exception;
  }

  /// Does something with a client of the server.
  ///
  /// @return what the work returns, the exit code
  /// @throws CommandFailedException where the server is not there, or refuses
  static int run(ServerOptions server, Work work) throws Exception {
    return run(server, new HttpHook() {}, work);
  }

  /// As [#run(ServerOptions, Work)], with something that sees requests and answers.
  static int run(ServerOptions server, HttpHook hook, Work work) throws Exception {
    StderrLogging.withoutClient();
    try (Mistral mistral =
        Mistral.builder()
            .serverUrl(server.url)
            .apiKey(server.apiKey)
            .userAgent("galerne-cli")
            .hook(hook)
            .build()) {
      return work.with(mistral);
    } catch (MistralException e) {
      throw new CommandFailedException(message(e, server), e);
    }
  }

  /// What went wrong, and what to do about it on a command line.
  static String message(Throwable failure, ServerOptions server) {
    return switch (failure) {
      case HttpValidationException invalid when !invalid.detail().isEmpty() ->
          "the server refused it (422): " + faults(invalid);
      case SdkException refused when refused.statusCode() == 401 ->
          server.apiKey == null
              ? "the server wants an API key (401): give it as MISTRAL_API_KEY or with --api-key"
              : "the server does not know this API key (401): check MISTRAL_API_KEY or --api-key";
      case SdkException refused when refused.statusCode() == 403 ->
          "this API key does not have the right to do that (403); 'galerne keys list' shows what"
              + " keys may";
      case SdkException busy when busy.statusCode() == 503 ->
          detail(busy)
              .map("the server cannot do it now (503): "::concat)
              .orElseGet(() -> said(busy));
      case ConnectionException unreachable when isNobodyThere(unreachable) ->
          "nobody listens at "
              + (server.url + ": start one with ./galerne serve, or say with --url where one is");
      default -> said(failure);
    };
  }

  private static String said(Throwable failure) {
    return Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
  }

  /// Why, as a server of ours says; empty where something else has answered, such as a proxy.
  private static Optional<String> detail(SdkException refusal) {
    try {
      return Json.of(refusal.body()).tree().path("detail").asStringOpt();
    } catch (MalformedEventException | JacksonException e) {
      return Optional.empty();
    }
  }

  /// Every fault that the server found.
  static String faults(HttpValidationException invalid) {
    return String.join("; ", invalid.detail().stream().map(ValidationError::toString).toList());
  }

  private static boolean isNobodyThere(ConnectionException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof HttpConnectTimeoutException
          || cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  /// A request for a stream with these filters.
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
    filters.metadata.forEach(request::metadataFilter);
    return request;
  }

  private static String orAny(@Nullable String value) {
    return value == null ? StreamEventsRequest.ANY : value;
  }
}
