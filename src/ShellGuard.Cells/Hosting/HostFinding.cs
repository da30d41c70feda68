namespace ShellGuard.Cells.Hosting;

/// <summary>Whether this host has a feature, found out by using it.</summary>
/// <param name="Feature">Which.</param>
/// <param name="IsThere">Whether it works.</param>
/// <param name="Detail">One clause: what worked, or the call and error that did not.</param>
public sealed record HostFinding(HostFeature Feature, bool IsThere, string Detail);
