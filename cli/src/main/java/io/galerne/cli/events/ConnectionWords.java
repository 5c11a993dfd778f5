package io.galerne.cli.events;

import io.galerne.client.stream.Disconnect;
import io.galerne.client.stream.Gap;
import io.galerne.client.stream.StreamListener;
import java.io.PrintWriter;
import java.util.Locale;

/// Reports the state of a stream's connection on standard error.
final class ConnectionWords implements StreamListener {
  /// The advice to repeat the command.
  private static final String LATER = "; try again later";

  private final PrintWriter err;
  private final ServerOptions server;
  private boolean away;

  ConnectionWords(PrintWriter err, ServerOptions server) {
    this.err = err;
    this.server = server;
  }

  @Override
  public void onDisconnect(Disconnect disconnect) {
    away = true;
    double seconds = disconnect.delay().toMillis() / 1000.0;
    say(String.format(Locale.ROOT, "%s; trying again in %.1f s", words(disconnect), seconds));
  }

  private String words(Disconnect disconnect) {
    return switch (disconnect.reason()) {
      case ROTATION -> "the server closed the stream";
      case CUT -> "the connection broke";
      case SILENCE -> "the server fell silent";
      case NOT_CONNECTED ->
          disconnect
              .failure()
              .map(failure -> ServerFailure.message(failure, server).replace(LATER, ""))
              .orElseGet(disconnect::message);
      default -> disconnect.message();
    };
  }

  @Override
  public void onConnect(String url) {
    if (away) {
      away = false;
      say("connected again");
    }
  }

  @Override
  public void onGap(Gap gap) {
    say("sequences " + gap.from() + " to " + gap.to() + " have expired and cannot be shown");
  }

  private void say(String what) {
    err.println("galerne: " + what.replaceAll("\\s+", " "));
    err.flush();
  }
}
