package io.galerne.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Standard output that keeps the cause of a failed write; `System.out` and a `PrintWriter` over it
/// swallow errors. Commands print to it as picocli's `getOut()`.
public final class StandardOutput extends PrintWriter {
  private final Sink sink;

  /// Receives the output. Written by the thread that prints; read by any.
  private static final class Sink extends OutputStream {
    private final OutputStream out;
    private volatile @Nullable IOException failure;

    private Sink(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        failed(e);
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        failed(e);
        throw e;
      }
    }

    private void failed(IOException e) {
      if (failure == null) {
        failure = e;
      }
    }
  }

  private StandardOutput(Sink sink, Charset charset) {
    super(new OutputStreamWriter(sink, charset), true);
    this.sink = sink;
  }

  /// Returns standard output that prints to another stream.
  static StandardOutput to(OutputStream out, Charset charset) {
    return new StandardOutput(new Sink(out), charset);
  }

  static StandardOutput ofProcess() {
    return to(new FileOutputStream(FileDescriptor.out), System.out.charset());
  }

  /// Flushes the output.
  ///
  /// @return why this or an earlier write failed; empty if everything was written
  public static Optional<IOException> failure(PrintWriter out) {
    if (!out.checkError()) {
      return Optional.empty();
    }
    return Optional.of(
        out instanceof StandardOutput known && known.sink.failure != null
            ? known.sink.failure
            : new IOException("unknown cause"));
  }

  /// Returns whether the write failed only because a pipe's reader is gone. The system's message
  /// may be in any language, but writing to a pipe hardly fails otherwise.
  static boolean isReaderGone(PrintWriter out, IOException failure) {
    return String.valueOf(failure.getMessage()).contains(ReaderWatch.NO_READER)
        || (out instanceof StandardOutput output && output.isOfProcess() && ReaderWatch.isPipe());
  }

  private boolean isOfProcess() {
    return sink.out instanceof FileOutputStream;
  }

  /// Runs `ending` when standard output loses its reader, as after `| head -1`. A command that
  /// waits for events would otherwise notice only when it writes the next line.
  ///
  /// @param ending runs at most once, on a thread of its own
  public static ReaderWatch onReaderGone(PrintWriter out, Runnable ending) {
    if (out instanceof StandardOutput output && output.isOfProcess()) {
      return ReaderWatch.start(() -> {
        output.sink.failed(new IOException(ReaderWatch.NO_READER));
        output.setError();
        ending.run();
      });
    }
    return ReaderWatch.none();
  }
}
