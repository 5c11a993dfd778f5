package io.galerne.cli.serve;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the files of this process, the database's included, readable by their owner only: sets the
/// umask to 077, for which Java has no call.
final class OwnerOnlyFiles {
  private static final Logger log = LoggerFactory.getLogger(OwnerOnlyFiles.class);
  private static final int OTHERS = 077;

  private OwnerOnlyFiles() {}

  @SuppressWarnings("restricted") // the launcher enables native access, as the database needs it
  static void begin() {
    Linker linker = Linker.nativeLinker();
    try {
      MethodHandle umask =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("umask"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      int _ = (int) umask.invokeExact(OTHERS);
    } catch (Throwable e) {
      log.debug("This system has no umask; the data folder alone keeps others out", e);
    }
  }
}
