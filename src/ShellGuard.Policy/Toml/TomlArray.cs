namespace ShellGuard.Policy.Toml;

/// <param name="isTables">Made by <c>[[header]]</c> lines; only such an array can grow.</param>
internal sealed class TomlArray(bool isTables, TomlSpan span) : TomlValue(span)
{
    public bool IsTables { get; } = isTables;

    public List<TomlValue> Items { get; } = [];

    public override string Kind => IsTables ? "an array of tables" : "an array";
}
