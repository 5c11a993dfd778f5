/// Logging with Logback, configured in code because reading a configuration file would slow down
/// every start.
@NullMarked
package io.galerne.cli.logging;

import org.jspecify.annotations.NullMarked;
