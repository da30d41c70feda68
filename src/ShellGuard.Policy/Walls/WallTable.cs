using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Policy.Walls;

/// <summary>The values of one table, of the kinds that <see cref="WallKeys"/> says; what is of another kind is
/// reported and not there.</summary>
internal sealed class WallTable
{
    private readonly Dictionary<string, TomlValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LayerEntry<string>>> _lists = new(StringComparer.Ordinal);
    private readonly HashSet<string> _present = new(StringComparer.Ordinal);
    private readonly ValueReader _reader;
    private readonly LayerBuilder _rules;
    private readonly string _table;

    /// <param name="table">Which of <see cref="WallKeys.Tables"/> it is.</param>
    /// <param name="rules">Takes the table's paths and endpoints; reports to the same place as the reader.</param>
    public WallTable(string table, TomlTable values, ValueReader reader, LayerBuilder rules)
    {
        _table = table;
        _reader = reader;
        _rules = rules;
        Span = values.Span;
        foreach (var entry in values.Entries)
        {
            if (WallKeys.All.FirstOrDefault(k => k.Table == table && k.Name == entry.Key.Name) is { } key)
            {
                _present.Add(key.Name);
                Read(key, entry.Value);
            }
            else
            {
                reader.UnknownKey(entry.Key, WallKeys.Header(table), [.. Known]);
            }
        }

        rules.ReportContradictions();
    }

    public TomlSpan Span { get; }

    private IEnumerable<string> Known => WallKeys.All.Where(k => k.Table == _table).Select(k => k.Name);

    /// <summary>Where the value of a key stands; the table where it is missing.</summary>
    public TomlSpan SpanOf(string key) => _values.TryGetValue(key, out var value) ? value.Span : Span;

    /// <summary>Whether the key is there, be its value good or not.</summary>
    public bool Has(string key) => _present.Contains(key);

    /// <summary>Reports keys that are missing.</summary>
    /// <param name="what">The table in words.</param>
    /// <returns>Whether all are there, with values of their kinds.</returns>
    public bool Needs(string what, params ReadOnlySpan<string> keys)
    {
        bool all = true;
        foreach (string key in keys)
        {
            if (!Has(key))
            {
                _reader.Error(Span, $"{what} has no {key}", $"for example {key} = {WallKeys.Find(_table, key).Example}");
            }

            all &= _values.ContainsKey(key);
        }

        return all;
    }

    /// <summary>Reports keys that mean nothing here.</summary>
    public void Refuse(string why, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (Has(key))
            {
                _reader.Error(SpanOf(key), $"{key} {why}", $"remove {key}");
            }
        }
    }

    public string? Text(string key) => (_values.GetValueOrDefault(key) as TomlString)?.Value;

    public bool Flag(string key) => _values.GetValueOrDefault(key) is TomlBoolean { Value: true };

    public long? Number(string key) => (_values.GetValueOrDefault(key) as TomlInteger)?.Value;

    public IReadOnlyList<LayerEntry<string>> List(string key) => _lists.GetValueOrDefault(key) ?? [];

    /// <summary>A number of bytes or pieces; 0 where it cannot be read, which is reported.</summary>
    public long? Amount(string key)
    {
        long? amount = _values.GetValueOrDefault(key) switch
        {
            TomlInteger number => number.Value,
            TomlString text when WallKeys.Find(_table, key).Kind == PolicyValueKind.Size => ValueText.Size(text.Value) ?? 0,
            TomlString text => ValueText.Count(text.Value) ?? 0,
            _ => null,
        };
        return amount is < 1 or > int.MaxValue ? Unreadable<long>(key) : amount;
    }

    public TimeSpan? Time(string key) =>
        Text(key) is not { } text ? null : ValueText.Duration(text) ?? Unreadable<TimeSpan>(key);

    private T Unreadable<T>(string key)
        where T : struct
    {
        PolicyKey known = WallKeys.Find(_table, key);
        _reader.Error(
            SpanOf(key), $"{key} cannot be read: it is {LayerBuilder.Expected(known)}", $"for example {key} = {known.Example}");
        return default;
    }

    private void Read(PolicyKey key, TomlValue value)
    {
        switch (key.Kind)
        {
            case PolicyValueKind.Paths or PolicyValueKind.PathsOrGlobs:
                Keep(key, value);
                _reader.Strings(key, value, _rules.AddPath);
                break;
            case PolicyValueKind.Endpoints:
                Keep(key, value);
                _reader.Strings(key, value, _rules.AddEndpoint);
                break;
            case PolicyValueKind.Tags or PolicyValueKind.Words or PolicyValueKind.VariableNames:
                Keep(key, value);
                _lists[key.Name] = [];
                _reader.Strings(key, value, (_, text, source, length) => AddTo(key, text, source, length));
                break;
            case PolicyValueKind.Choice:
                ReadChoice(key, value);
                break;
            default:
                if (value switch
                {
                    TomlBoolean => key.Kind == PolicyValueKind.Boolean,
                    TomlInteger number => (key.Kind == PolicyValueKind.Number && number.Value >= 0)
                        || key.Kind is PolicyValueKind.Size or PolicyValueKind.Count,
                    TomlString { Value.Length: > 0 } => key.Kind
                        is PolicyValueKind.Text or PolicyValueKind.Size or PolicyValueKind.Count or PolicyValueKind.Duration,
                    _ => false,
                })
                {
                    Keep(key, value);
                }
                else
                {
                    _reader.WrongKind(key, value);
                }

                break;
        }
    }

    private void ReadChoice(PolicyKey key, TomlValue value)
    {
        if (value is TomlString text && key.Choices.Contains(text.Value, StringComparer.Ordinal))
        {
            Keep(key, value);
        }
        else if (value is TomlString other)
        {
            string? near = NearestName.Find(other.Value, key.Choices);
            _reader.Error(
                value.Span, $"{key.Name} is {LayerBuilder.Expected(key)}", near is null ? null : $"did you mean \"{near}\"?");
        }
        else
        {
            _reader.WrongKind(key, value);
        }
    }

    private void Keep(PolicyKey key, TomlValue value) => _values[key.Name] = value;

    private void AddTo(PolicyKey key, string text, RuleSource source, int length)
    {
        List<LayerEntry<string>> list = _lists[key.Name];
        if (list.Exists(entry => entry.Value == text))
        {
            _rules.Report(Severity.Error, source, length, $"{SafeText.Shorten(text, 60)} stands in {key.Name} twice");
        }
        else
        {
            list.Add(new LayerEntry<string>(text, source));
        }
    }
}
