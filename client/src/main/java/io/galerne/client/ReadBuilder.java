package io.galerne.client;

import io.galerne.client.payload.PayloadDecoder;

/// What can be set for any call that reads events. Not safe for use by several threads.
abstract class ReadBuilder<B extends ReadBuilder<B>> extends CallBuilder<B> {
  /// How payloads that come encoded are decoded, in place of what the client has. Reading an event
  /// throws a [DecodingException] where one of its payloads cannot be decoded. Decoding, and with it
  /// fetching what was offloaded, runs on the thread that reads; in asynchronous forms, on the one
  /// that received the answer.
  public B decodePayloads(PayloadDecoder decoder) {
    return options(callOptions().decoder(decoder));
  }
}
