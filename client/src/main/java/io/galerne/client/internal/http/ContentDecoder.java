package io.galerne.client.internal.http;

import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Decodes the `Content-Encoding` of a response incrementally: gzip and deflate, which some proxies
/// apply although the client does not ask for it. Chunks may end anywhere. Not thread-safe. The
/// garbage collector frees its off-heap memory.
public final class ContentDecoder {
  private static final Set<String> NONE = Set.of("", "identity");
  private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
  private static final String DEFLATE = "deflate";

  // The header of gzip, RFC 1952.
  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int METHOD_DEFLATE = 8;
  private static final int FLAGS_AT = 3;
  private static final int FLAG_CHECKSUM = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;

  /// Real headers have tens of bytes; the limit stops an endless one from filling the heap.
  private static final int MAX_HEADER_BYTES = 256 * 1024;

  /// The current part of a gzip member; deflate has neither header nor trailer.
  private enum Part {
    HEADER,
    BODY,
    TRAILER
  }

  private final boolean gzip;
  private final Inflater inflater;
  private Part part = Part.HEADER;

  /// The inflater's current input.
  private byte[] given = {};

  /// The input after that.
  private byte[] rest = {};

  private ContentDecoder(boolean gzip) {
    this.gzip = gzip;
    this.inflater = new Inflater(gzip);
  }

  public static String encoding(HttpHeaders headers) {
    return String.join(", ", headers.allValues("content-encoding"))
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  /// Whether a response with these headers can be decoded.
  public static boolean canRead(HttpHeaders headers) {
    String encoding = encoding(headers);
    return NONE.contains(encoding) || GZIP.contains(encoding) || encoding.equals(DEFLATE);
  }

  /// A decoder for a response that [can be decoded][#canRead]; null if it is not encoded.
  public static @Nullable ContentDecoder of(HttpHeaders headers) {
    String encoding = encoding(headers);
    if (GZIP.contains(encoding)) {
      return new ContentDecoder(true);
    }
    return encoding.equals(DEFLATE) ? new ContentDecoder(false) : null;
  }

  /// Adds the next bytes of the body.
  public void add(ByteBuffer buffer) {
    int length = rest.length;
    rest = Arrays.copyOf(rest, length + buffer.remaining());
    buffer.get(rest, length, rest.length - length);
  }

  /// Whether the body may end here; otherwise it is truncated.
  public boolean isComplete() {
    return part == Part.HEADER && rest.length == 0;
  }

  /// The next decoded bytes.
  ///
  /// @return the number of bytes; 0 if more input is needed
  /// @throws DataFormatException if the bytes do not match the encoding
  public int read(byte[] into) throws DataFormatException {
    while (true) {
      if (part == Part.HEADER) {
        int end = gzip ? headerEnd(rest) : Math.min(rest.length, 1) - 1;
        if (end < 0) {
          return 0;
        }
        dropFromRest(end);
        inflater.reset();
        part = Part.BODY;
      } else if (part == Part.BODY) {
        int count = inflate(into);
        if (count > 0 || part == Part.BODY) {
          return count;
        }
      } else {
        int trailer = gzip ? TRAILER_BYTES : 0;
        if (rest.length < trailer) {
          return 0;
        }
        dropFromRest(trailer);
        part = Part.HEADER;
      }
    }
  }

  private int inflate(byte[] into) throws DataFormatException {
    if (inflater.needsInput()) {
      given = rest;
      rest = new byte[0];
      inflater.setInput(given);
    }
    int count = inflater.inflate(into);
    if (inflater.needsDictionary()) {
      throw new DataFormatException("it needs a dictionary");
    }
    if (count == 0 && inflater.finished()) {
      byte[] unread = given;
      int from = unread.length - inflater.getRemaining();
      byte[] after = rest;
      rest = Arrays.copyOfRange(unread, from, unread.length + after.length);
      System.arraycopy(after, 0, rest, unread.length - from, after.length);
      part = Part.TRAILER;
    } else if (count == 0 && rest.length > 0) {
      return inflate(into);
    }
    return count;
  }

  private void dropFromRest(int count) {
    rest = Arrays.copyOfRange(rest, count, rest.length);
  }

  /// The end of a member's header; -1 if it has not arrived completely.
  private static int headerEnd(byte[] bytes) throws DataFormatException {
    if (bytes.length < HEADER_BYTES) {
      return -1;
    }
    if ((bytes[0] & 0xff) != 0x1f || (bytes[1] & 0xff) != 0x8b || bytes[2] != METHOD_DEFLATE) {
      throw new DataFormatException("it does not start as gzip does");
    }
    int flags = bytes[FLAGS_AT];
    int end = HEADER_BYTES;
    if ((flags & FLAG_EXTRA) != 0) {
      if (bytes.length < end + 2) {
        return -1;
      }
      end += 2 + (bytes[end] & 0xff) + 256 * (bytes[end + 1] & 0xff);
    }
    for (int text : new int[] {FLAG_NAME, FLAG_COMMENT}) {
      if ((flags & text) != 0) {
        while (end < bytes.length && bytes[end] != 0) {
          end++;
        }
        end++;
      }
    }
    end += (flags & FLAG_CHECKSUM) != 0 ? 2 : 0;
    if (end <= bytes.length) {
      return end;
    }
    if (bytes.length > MAX_HEADER_BYTES) {
      throw new DataFormatException("its gzip header does not end");
    }
    return -1;
  }
}
