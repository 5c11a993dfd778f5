/// Small files that must survive a crash and that only one process may change at a time, and words for
/// what can be wrong with any file.
@NullMarked
package io.galerne.server.files;

import org.jspecify.annotations.NullMarked;
