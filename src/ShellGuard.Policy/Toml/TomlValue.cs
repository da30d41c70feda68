namespace ShellGuard.Policy.Toml;

/// <summary>A value and where it stands. Classes and not records: documents nest, and generated equality and
/// printing would recurse over them.</summary>
internal abstract class TomlValue(TomlSpan span)
{
    public TomlSpan Span { get; } = span;

    /// <summary>What a message calls a value of this kind, with its article.</summary>
    public abstract string Kind { get; }
}

internal sealed class TomlString(string value, TomlSpan span) : TomlValue(span)
{
    public string Value { get; } = value;

    public override string Kind => "a string";
}

internal sealed class TomlInteger(long value, TomlSpan span) : TomlValue(span)
{
    public long Value { get; } = value;

    public override string Kind => "an integer";
}

internal sealed class TomlFloat(double value, TomlSpan span) : TomlValue(span)
{
    public double Value { get; } = value;

    public override string Kind => "a float";
}

internal sealed class TomlBoolean(bool value, TomlSpan span) : TomlValue(span)
{
    public bool Value { get; } = value;

    public override string Kind => "a boolean";
}
