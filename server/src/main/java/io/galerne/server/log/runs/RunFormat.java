package io.galerne.server.log.runs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.log.runs.Run.Moment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The binary format of a [Run]. Format 3, numbers big-endian:
///
/// | part | value |
/// |---|---|
/// | version | u8: 3 |
/// | ending | u8: the id of its [RunStatus]; 0 if it has no terminal event of its own |
/// | sequences | u64 each: last, retried |
/// | moments | for each of first, started, ended and continued: u64 sequence, i64 ns since 1970 |
/// | texts | for each of namespace, execution, run, root, parent and workflow name: u32 length + 1 (0 for null), then UTF-8 |
/// | retrying | u32 number, then for each: u64 activity, u64 sequence |
///
/// If you change it, increment [RunTable#VERSION], so that stores rebuild their runs.
final class RunFormat {
  private static final byte VERSION = 3;
  private static final int FIXED_BYTES = 2 + 10 * Long.BYTES + 7 * Integer.BYTES;

  private RunFormat() {}

  static byte[] write(Run run) {
    byte[][] texts = {
      bytes(run.namespace()),
      bytes(run.executionId()),
      bytes(run.runId()),
      bytes(run.rootExecutionId()),
      bytes(run.parentExecutionId()),
      bytes(run.workflowName())
    };
    int size = FIXED_BYTES + run.retrying().size() * 2 * Long.BYTES;
    for (byte[] text : texts) {
      size += text == null ? 0 : text.length;
    }
    RunStatus ending = run.ending();
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put(VERSION).put(ending == null ? 0 : ending.id());
    out.putLong(run.lastSequence()).putLong(run.retriedSequence());
    put(out, run.first());
    put(out, run.started());
    put(out, run.ended());
    put(out, run.continued());
    for (byte[] text : texts) {
      out.putInt(text == null ? 0 : text.length + 1);
      if (text != null) {
        out.put(text);
      }
    }
    out.putInt(run.retrying().size());
    run.retrying().forEach(retry -> out.putLong(retry.activity()).putLong(retry.sequence()));
    return out.array();
  }

  private static void put(ByteBuffer out, Moment moment) {
    out.putLong(moment.sequence()).putLong(moment.nanos());
  }

  private static Moment moment(ByteBuffer in) {
    return new Moment(in.getLong(), in.getLong());
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  /// @throws IllegalArgumentException if these bytes are not a run of this format
  static Run read(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (in.get() != VERSION) {
        throw new IllegalArgumentException("Not a run of format " + VERSION);
      }
      int ending = in.get();
      long last = in.getLong();
      long retried = in.getLong();
      Moment first = moment(in);
      Moment started = moment(in);
      Moment ended = moment(in);
      Moment continued = moment(in);
      return new Run(
          text(in),
          text(in),
          text(in),
          text(in),
          nullable(in),
          text(in),
          first,
          last,
          started,
          ended,
          ending == 0 ? null : RunStatus.ofId(ending),
          continued,
          retried,
          retrying(in));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("A run is cut off", e);
    }
  }

  private static String text(ByteBuffer in) {
    String text = nullable(in);
    if (text == null) {
      throw new IllegalArgumentException("A run lacks a text");
    }
    return text;
  }

  private static @Nullable String nullable(ByteBuffer in) {
    int length = in.getInt() - 1;
    if (length < 0) {
      return null;
    }
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, UTF_8);
  }

  private static List<Run.Retry> retrying(ByteBuffer in) {
    int count = in.getInt();
    List<Run.Retry> retrying = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      retrying.add(new Run.Retry(in.getLong(), in.getLong()));
    }
    return List.copyOf(retrying);
  }
}
