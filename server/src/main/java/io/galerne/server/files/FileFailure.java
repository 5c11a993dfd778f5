package io.galerne.server.files;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/// Describes why a file cannot be read or written.
public final class FileFailure {
  private FileFailure() {}

  /// The file, if known, and the reason: `events.ndjson: permission denied`.
  public static String words(IOException e) {
    String file = e instanceof FileSystemException of ? of.getFile() : null;
    return (file == null ? "" : file + ": ") + reason(e);
  }

  /// The reason without the file.
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it exists already";
      case NotDirectoryException _ -> "it is not a folder";
      case FileSystemLoopException _ -> "its symbolic links form a circle";
      case DirectoryNotEmptyException _ -> "the folder is not empty";
      case CharacterCodingException _ -> "it is not text in UTF-8";
      case FileSystemException other when other.getReason() != null -> lower(other.getReason());
      default -> lower(Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
    };
  }

  /// Lower-cases the capital of a system message, for use within a sentence.
  private static String lower(String text) {
    boolean abbreviation = text.length() > 1 && Character.isUpperCase(text.charAt(1));
    return text.isEmpty() || abbreviation
        ? text
        : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }
}
