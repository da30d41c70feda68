using System.Runtime.InteropServices;

namespace ShellGuard.Policy.Toml;

/// <summary>A table; its entries keep the order of the text.</summary>
internal sealed class TomlTable(TomlTableOrigin origin, TomlSpan span) : TomlValue(span)
{
    private readonly Dictionary<string, TomlEntry> _byName = new(StringComparer.Ordinal);
    private readonly List<TomlEntry> _entries = [];

    public TomlTableOrigin Origin { get; set; } = origin;

    public IReadOnlyList<TomlEntry> Entries => _entries;

    public override string Kind => "a table";

    public TomlEntry? Find(string name) => _byName.GetValueOrDefault(name);

    public bool TryAdd(TomlKey key, TomlValue value)
    {
        var entry = new TomlEntry(key, value);
        if (!_byName.TryAdd(key.Name, entry))
        {
            return false;
        }

        _entries.Add(entry);
        return true;
    }
}

/// <summary>One part of a key, unquoted.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TomlKey(string Name, TomlSpan Span);

internal sealed class TomlEntry(TomlKey key, TomlValue value)
{
    public TomlKey Key { get; } = key;

    public TomlValue Value { get; } = value;
}

/// <summary>How a table came to be, which decides what may still be added to it (TOML 1.0, "Table").</summary>
internal enum TomlTableOrigin
{
    /// <summary>On the way to a deeper header; may still get a header of its own.</summary>
    Implicit,

    /// <summary>Has its own header, or is the root.</summary>
    Header,

    /// <summary>Made by a dotted key; gets no header, but sub-tables may.</summary>
    Dotted,

    /// <summary>Written in braces; closed for ever.</summary>
    Inline,
}
