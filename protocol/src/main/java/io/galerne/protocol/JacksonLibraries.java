package io.galerne.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.security.CodeSource;
import tools.jackson.core.Versioned;
import tools.jackson.databind.cfg.PackageVersion;

/// What to do if the versions of Jackson's libraries do not fit together. Jackson 2 and 3 share
/// `jackson-annotations`, so that dependency management that is made for Jackson 2 can give
/// Jackson 3 an older one than it needs, as that of Spring Boot 3.5.0 to 3.5.12 does.
final class JacksonLibraries {
  /// Jackson 3.1 and newer need it; Jackson 2 of any version works with it.
  private static final String ANNOTATIONS = "2.21";

  private static final Versioned DATABIND = new PackageVersion();

  private JacksonLibraries() {}

  static IllegalStateException doNotFit(LinkageError failure) {
    return new IllegalStateException(
        "Jackson's libraries do not fit together: tools.jackson.core:jackson-databind "
            + DATABIND.version()
            + " does not work with "
            + annotations()
            + (" (" + failure + "). Use com.fasterxml.jackson.core:jackson-annotations ")
            + ANNOTATIONS
            + " or newer, with which Jackson 2 works too. With Spring Boot 3.5, use 3.5.13 or newer,"
            + " or set its property jackson-bom.version to 2.21.4 or newer; if you import its BOM,"
            + " put jackson-annotations before it into your dependencyManagement",
        failure);
  }

  /// The file that it is in, whose name has the version.
  private static String annotations() {
    CodeSource source = JsonProperty.class.getProtectionDomain().getCodeSource();
    String file = source == null ? "" : String.valueOf(source.getLocation());
    return file.isEmpty()
        ? "the jackson-annotations that are there"
        : file.substring(file.lastIndexOf('/') + 1);
  }
}
