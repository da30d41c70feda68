using System.Net;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>One range of addresses that a name may not lead to.</summary>
/// <param name="Range">In CIDR notation.</param>
/// <param name="Kind">What it is, as a clause with its article.</param>
internal sealed record ForbiddenRange(IPNetwork Range, string Kind);
