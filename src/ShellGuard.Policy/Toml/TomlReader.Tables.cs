namespace ShellGuard.Policy.Toml;

/// <content>Who may define what: TOML 1.0, "Keys", "Table", "Inline Table" and "Array of Tables".</content>
internal sealed partial class TomlReader
{
    private void OpenTable(List<TomlKey> key, bool isArray, TomlSpan span)
    {
        if (WalkHeader(key, span) is not { } parent)
        {
            return;
        }

        var last = key[^1];
        var existing = parent.Find(last.Name);
        if (isArray)
        {
            OpenArrayElement(parent, last, existing, span);
            return;
        }

        switch (existing?.Value)
        {
            case null:
                _current = new TomlTable(TomlTableOrigin.Header, span);
                parent.TryAdd(last, _current);
                break;
            case TomlTable { Origin: TomlTableOrigin.Implicit } table:
                table.Origin = TomlTableOrigin.Header;
                _current = table;
                break;
            case TomlTable { Origin: TomlTableOrigin.Header } table:
                // The keys below are read as if they stood in the first one: twice the same key is a mistake too.
                AlreadyDefined(last, existing);
                _current = table;
                break;
            default:
                AlreadyDefined(last, existing);
                break;
        }
    }

    private void OpenArrayElement(TomlTable parent, TomlKey key, TomlEntry? existing, TomlSpan span)
    {
        var array = existing?.Value as TomlArray;
        if (existing is not null && array is not { IsTables: true })
        {
            AlreadyDefined(key, existing);
            return;
        }

        if (array is null)
        {
            array = new TomlArray(isTables: true, span);
            parent.TryAdd(key, array);
        }

        _current = new TomlTable(TomlTableOrigin.Header, span);
        array.Items.Add(_current);
    }

    /// <summary>Finds or makes the tables above a header's last part; null after an error.</summary>
    private TomlTable? WalkHeader(List<TomlKey> key, TomlSpan span)
    {
        var table = _root;
        foreach (var part in key.Take(key.Count - 1))
        {
            var existing = table.Find(part.Name);
            switch (existing?.Value)
            {
                case null:
                    var made = new TomlTable(TomlTableOrigin.Implicit, span);
                    table.TryAdd(part, made);
                    table = made;
                    break;
                case TomlTable { Origin: not TomlTableOrigin.Inline } next:
                    table = next;
                    break;
                case TomlArray { IsTables: true } array:
                    table = (TomlTable)array.Items[^1];
                    break;
                default:
                    CannotExtend(part, existing);
                    return null;
            }
        }

        return table;
    }

    private void AddValue(TomlTable table, List<TomlKey> key, TomlValue value)
    {
        foreach (var part in key.Take(key.Count - 1))
        {
            var existing = table.Find(part.Name);
            switch (existing?.Value)
            {
                case null:
                    var made = new TomlTable(TomlTableOrigin.Dotted, part.Span);
                    table.TryAdd(part, made);
                    table = made;
                    break;
                case TomlTable { Origin: TomlTableOrigin.Implicit or TomlTableOrigin.Dotted } next:
                    next.Origin = TomlTableOrigin.Dotted;
                    table = next;
                    break;
                default:
                    CannotExtend(part, existing);
                    return;
            }
        }

        if (!table.TryAdd(key[^1], value))
        {
            AlreadyDefined(key[^1], table.Find(key[^1].Name)!);
        }
    }

    private void AlreadyDefined(TomlKey key, TomlEntry existing) =>
        Error(key.Span, $"'{Describe(key.Name)}' is already defined in line {existing.Key.Span.Line}");

    private void CannotExtend(TomlKey key, TomlEntry existing) => Error(
        key.Span,
        $"'{Describe(key.Name)}' is {existing.Value.Kind} of line {existing.Key.Span.Line} and "
        + "cannot be added to here");
}
