package io.galerne.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.security.CodeSource;
import tools.jackson.core.Versioned;
import tools.jackson.databind.cfg.PackageVersion;

/// Explains incompatible versions of the Jackson libraries. Jackson 2 and 3 share
/// `jackson-annotations`, so dependency management for Jackson 2 can select an older version than
/// Jackson 3 needs, as Spring Boot 3.5.0 to 3.5.12 does.
final class JacksonLibraries {
  /// Required by Jackson 3.1 and newer; works with any Jackson 2.
  private static final String ANNOTATIONS = "2.21";

  private static final Versioned DATABIND = new PackageVersion();

  private JacksonLibraries() {}

  static IllegalStateException doNotFit(LinkageError failure) {
    return new IllegalStateException(
        "Incompatible versions of Jackson's libraries: tools.jackson.core:jackson-databind "
            + DATABIND.version()
            + " does not work with "
            + annotations()
            + (" (" + failure + "). Use com.fasterxml.jackson.core:jackson-annotations ")
            + ANNOTATIONS
            + " or newer, which also works with Jackson 2. With Spring Boot 3.5, use 3.5.13 or newer,"
            + " or set its property jackson-bom.version to 2.21.4 or newer; if you import its BOM,"
            + " put jackson-annotations before it into your dependencyManagement",
        failure);
  }

  /// The name of the library's file, which includes its version.
  private static String annotations() {
    CodeSource source = JsonProperty.class.getProtectionDomain().getCodeSource();
    String file = source == null ? "" : String.valueOf(source.getLocation());
    return file.isEmpty()
        ? "the present jackson-annotations"
        : file.substring(file.lastIndexOf('/') + 1);
  }
}
