package io.galerne.server.http.connection;

import io.galerne.server.live.Framing;
import io.galerne.server.live.OpenStream;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;

/// The handlers that serve requests on an HTTP/1 connection; [Connection] is the last. They are
/// removed while a stream has the connection: it writes raw bytes and reads nothing.
final class Http1Pipeline {
  private static final int CHUNK_BYTES = 64 * 1024;

  private Http1Pipeline() {}

  /// Adds the handlers, which start when the connection becomes active.
  static Connection addTo(ChannelPipeline pipeline, HttpServer.Shared shared) {
    HttpDecoderConfig limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(RequestHead.MOST_LINE_BYTES)
            .setMaxHeaderSize(RequestHead.MOST_HEADER_BYTES)
            .setMaxChunkSize(CHUNK_BYTES);
    Connection connection = new Connection(shared, Framing.CHUNKS, pipeline.channel());
    pipeline.addLast(new HttpServerCodec(limits), new RequestQueue(), connection);
    return connection;
  }

  /// Removes the handlers for a client that speaks HTTP/2.
  static void removeFrom(ChannelPipeline pipeline) {
    pipeline.remove(Connection.class);
    pipeline.remove(RequestQueue.class);
    pipeline.remove(HttpServerCodec.class);
  }

  /// Removes the handlers before [Connection], which a stream is about to replace.
  ///
  /// @param keep whether the connection serves requests again when the stream ends; ignored if the
  ///     client has already sent more
  static void makeWay(
      ChannelPipeline pipeline, OpenStream stream, boolean keep, HttpServer.Shared shared) {
    pipeline.remove(HttpServerCodec.class); // which forwards what it has read
    boolean saidMore = !pipeline.remove(RequestQueue.class).isEmpty();
    if (keep && !saidMore) {
      stream.handBackTo(free -> resume(free, shared));
    }
  }

  private static void resume(ChannelPipeline pipeline, HttpServer.Shared shared) {
    Connection connection = addTo(pipeline, shared);
    connection.resume(pipeline.context(connection));
    shared.shutdown().tell(pipeline);
  }
}
