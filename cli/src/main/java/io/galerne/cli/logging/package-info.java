/// What the program logs, and how: Logback, set up in code because reading a file of settings would
/// make every start slower.
@NullMarked
package io.galerne.cli.logging;

import org.jspecify.annotations.NullMarked;
