/// The console: the files of a web page on which people watch workflow runs, ready to be served.
@NullMarked
package io.galerne.console;

import org.jspecify.annotations.NullMarked;
