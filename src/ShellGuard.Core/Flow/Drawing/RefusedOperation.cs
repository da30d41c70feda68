using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow.Drawing;

/// <summary>Something that somebody wanted and was refused.</summary>
public sealed record RefusedOperation(FlowOperation Operation, FlowRefusal Refusal);
