namespace ShellGuard.Cells.View;

/// <summary>Where the changes under one copy-on-write directory go.</summary>
/// <param name="Target">The host directory.</param>
/// <param name="Storage">The layer's directory in the session's storage, with <c>upper</c> and <c>work</c>.</param>
public sealed record LayerPlan(string Target, string Storage)
{
    public string Upper => $"{Storage}/upper";

    public string Work => $"{Storage}/work";

    /// <summary>An empty directory, to stand below a layer that nothing of the host is below.</summary>
    public string Empty => $"{Storage}/empty";
}
