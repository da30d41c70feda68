using ShellGuard.Core;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>What a system call means for the audit.</summary>
/// <param name="Shape">How its arguments are read.</param>
/// <param name="Operation">What it does to its object.</param>
/// <param name="Class">Which group of the recorder's it is in.</param>
internal readonly record struct CallEntry(CallShape Shape, Operation Operation, CallClass Class);
