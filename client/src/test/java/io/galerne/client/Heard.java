package io.galerne.client;

import io.galerne.client.stream.Disconnect;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.Gap;
import io.galerne.client.stream.StreamListener;
import io.galerne.protocol.StreamEvent;
import java.util.ArrayList;
import java.util.List;

/// Records what a stream reports to its listener.
final class Heard implements StreamListener {
  final List<Disconnect> disconnects = new ArrayList<>();
  final List<Gap> gaps = new ArrayList<>();
  int connects;

  static List<Long> sequences(EventStream stream) {
    List<Long> sequences = new ArrayList<>();
    for (StreamEvent event : stream) {
      sequences.add(event.brokerSequence());
    }
    return sequences;
  }

  List<Disconnect.Reason> reasons() {
    return disconnects.stream().map(Disconnect::reason).toList();
  }

  @Override
  public void onConnect(String url) {
    connects++;
  }

  @Override
  public void onDisconnect(Disconnect disconnect) {
    disconnects.add(disconnect);
  }

  @Override
  public void onGap(Gap gap) {
    gaps.add(gap);
  }
}
