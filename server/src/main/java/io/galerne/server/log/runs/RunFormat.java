package io.galerne.server.log.runs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a [Run] is stored. Format 1, numbers big-endian:
///
/// | part | is |
/// |---|---|
/// | version | u8: 1 |
/// | ending | u8: the id of its [RunStatus]; 0 if it has not ended |
/// | sequences | u64 each: first, last, started, ended, retried |
/// | times | i64 each, ns since 1970: first, started, ended |
/// | texts | for each of namespace, execution, run, root, parent and workflow name: u32 length + 1 (0 for null), then UTF-8 |
/// | retrying | u32 number, then for each: u64 activity, u64 sequence |
///
/// Whoever changes it raises [RunTable#VERSION], so that runs are derived again.
final class RunFormat {
  private static final byte VERSION = 2;
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
    out.putLong(run.firstSequence()).putLong(run.lastSequence()).putLong(run.startedSequence());
    out.putLong(run.endedSequence()).putLong(run.retriedSequence());
    out.putLong(run.firstNanos()).putLong(run.startedNanos()).putLong(run.endedNanos());
    out.putLong(run.continuedSequence()).putLong(run.continuedNanos());
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
      long first = in.getLong();
      long last = in.getLong();
      long started = in.getLong();
      long ended = in.getLong();
      long retried = in.getLong();
      long firstNanos = in.getLong();
      long startedNanos = in.getLong();
      long endedNanos = in.getLong();
      long continued = in.getLong();
      long continuedNanos = in.getLong();
      return new Run(
          text(in),
          text(in),
          text(in),
          text(in),
          nullable(in),
          text(in),
          first,
          last,
          firstNanos,
          started,
          startedNanos,
          ended,
          endedNanos,
          ending == 0 ? null : RunStatus.ofId(ending),
          continued,
          continuedNanos,
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
