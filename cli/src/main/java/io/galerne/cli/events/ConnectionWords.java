package io.galerne.cli.events;

import io.galerne.client.Disconnect;
import io.galerne.client.Gap;
import io.galerne.client.StreamListener;
import java.io.PrintWriter;
import java.util.Locale;

/// Tells on standard error what becomes of a stream's connection.
final class ConnectionWords implements StreamListener {
  private final PrintWriter err;
  private boolean away;

  ConnectionWords(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void onDisconnect(Disconnect disconnect) {
    away = true;
    double seconds = disconnect.delay().toMillis() / 1000.0;
    say(String.format(Locale.ROOT, "%s; trying again in %.1f s", disconnect.message(), seconds));
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
