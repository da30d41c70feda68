using ShellGuard.Core;

namespace ShellGuard.Cells.View;

/// <summary>A path that a cell cannot change, and everything beneath it that no deeper rule hands over.</summary>
/// <param name="Path">As the cell sees it; a hidden one is not there at all.</param>
/// <param name="IsHidden">Hidden, as opposed to read-only.</param>
/// <param name="Rule">Why.</param>
public sealed record ProtectedPath(string Path, bool IsHidden, RuleSource Rule);
