package dev.sovereign.error;

/// A stable name for one way to fail, such as `core.not-stratifiable`. Implemented by enums that
/// stand beside the code that raises them; never renamed, never reused. `docs/errors.md` lists
/// every code, and a test compares the two.
public interface ErrorCode {

    /// The public name: area, dot, lower-case words joined by hyphens.
    String code();

    /// Decides the exit status.
    ErrorKind kind();
}
