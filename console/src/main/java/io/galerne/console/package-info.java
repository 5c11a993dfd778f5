/// The console: a web page for watching workflow runs, as files that are ready to serve.
@NullMarked
package io.galerne.console;

import org.jspecify.annotations.NullMarked;
