package io.galerne.server.api;

import io.galerne.console.Asset;
import io.galerne.console.Console;
import io.galerne.server.http.ApiException;
import io.galerne.server.http.Operation;
import io.galerne.server.http.Reply;
import io.galerne.server.http.Request;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Serves the console's page and assets. Needs no key, since none of them comes from the log.
final class ConsoleFiles implements Operation {
  private static final Pattern NO_GZIP =
      Pattern.compile("(?i).*gzip\\s*;\\s*q=0(\\.0*)?\\s*(,.*)?");

  private final Executor workers;

  /// Loaded by the first request, so that the server's start does not wait for it.
  private volatile @Nullable Console files;

  ConsoleFiles(Executor workers) {
    this.workers = workers;
  }

  @Override
  public CompletionStage<? extends Reply> answer(Request request) {
    return Operation.on(workers, this::file).answer(request);
  }

  private Reply file(Request request) {
    Asset asset =
        files()
            .find(request.target().path())
            .orElseThrow(() ->
                ApiException.notFound(
                    "The console has no such file; reload the page, which may be older than the server"));
    if (isKnown(request.headers(), asset)) {
      return new Reply.Full(HttpResponseStatus.NOT_MODIFIED, "", new byte[0], asset.headers());
    } else if (!takesGzip(request.headers())) {
      return new Reply.Full(
          HttpResponseStatus.OK, asset.contentType(), asset.body(), asset.headers());
    }
    Map<String, String> headers = new LinkedHashMap<>(asset.headers());
    headers.put("Content-Encoding", "gzip");
    return new Reply.Full(HttpResponseStatus.OK, asset.contentType(), asset.gzipped(), headers);
  }

  private Console files() {
    Console loaded = files;
    if (loaded == null) {
      loaded = Console.load(); // two concurrent requests may load it twice
      files = loaded;
    }
    return loaded;
  }

  private static boolean isKnown(HttpHeaders request, Asset asset) {
    String known = request.get(HttpHeaderNames.IF_NONE_MATCH, "");
    return known.equals("*") || known.contains(asset.etag());
  }

  private static boolean takesGzip(HttpHeaders request) {
    String encodings = request.get(HttpHeaderNames.ACCEPT_ENCODING, "");
    return encodings.contains("gzip") && !NO_GZIP.matcher(encodings).matches();
  }
}
