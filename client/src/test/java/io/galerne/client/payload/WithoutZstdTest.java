package io.galerne.client.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.galerne.client.error.DecodingException;
import io.galerne.protocol.Json;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/// Without the optional libraries on the class path.
class WithoutZstdTest {
  private static final List<Class<?>> NEEDED =
      List.of(
          WithoutZstdTest.class,
          PayloadDecoder.class,
          Json.class,
          JsonParser.class,
          JsonNode.class,
          JsonInclude.class,
          NullMarked.class);

  @Test
  void everythingButCompressionWorks() throws Exception {
    assertThat(withoutLibraries(Decrypts.class)).isEqualTo("{}");
  }

  @Test
  void compressedPayloadsFailAndNameTheMissingLibrary() throws Exception {
    assertThat(withoutLibraries(Decompresses.class))
        .isEqualTo(
            "A payload cannot be decoded: it is compressed; add com.github.luben:zstd-jni to the"
                + " class path");
  }

  @Test
  void encodersThatCompressFailToBuild() throws Exception {
    assertThat(withoutLibraries(Compresses.class))
        .isEqualTo(
            "Payloads cannot be compressed: add com.github.luben:zstd-jni to the class path");
  }

  private static Object withoutLibraries(Class<?> call) throws Exception {
    URL[] classPath =
        NEEDED.stream()
            .flatMap(type -> Stream.of(type.getProtectionDomain().getCodeSource().getLocation()))
            .distinct()
            .toArray(URL[]::new);
    try (URLClassLoader loader =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      Class<?> loaded = loader.loadClass(call.getName());
      return ((Callable<?>) loaded.getConstructor().newInstance()).call();
    }
  }

  /// Called with the class path's loader.
  public static final class Decrypts implements Callable<String> {
    @Override
    public String call() {
      PayloadVector vector = PayloadVector.official("full/empty");
      return EventPayloads.value(vector.decoder().decode(vector.payload())).text();
    }
  }

  /// Called with the class path's loader.
  public static final class Decompresses implements Callable<String> {
    @Override
    public String call() {
      PayloadVector vector = PayloadVector.official("plain/zstd-3");
      try {
        return vector.decoder().decode(vector.payload()).toString();
      } catch (DecodingException e) {
        return e.getMessage();
      }
    }
  }

  /// Called with the class path's loader.
  public static final class Compresses implements Callable<String> {
    @Override
    public String call() {
      try {
        return PayloadEncoder.builder().compress().build().toString();
      } catch (IllegalStateException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }
}
