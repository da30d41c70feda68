using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Model;

/// <summary>Makes accesses of what a table holds. Equal texts, processes and chains are one object.</summary>
internal sealed class AccessReader(AccessTable table)
{
    /// <summary>Behind the arguments in the pool, each of which NUL ends: there were more, or longer ones.</summary>
    public static ReadOnlySpan<byte> CutMark => "\u2026"u8;

    private string?[] _texts = new string?[table.Texts.Count];
    private readonly Dictionary<int, ArgumentVector> _arguments = [];
    private readonly Dictionary<ProcessImage, ProcessIdentity[]> _chains = new(ReferenceEqualityComparer.Instance);

    public Access Read(AccessKey key, AccessFact fact)
    {
        bool execution = key.Operation == Operation.Execute;
        return new Access(Chain(fact.First), key.Operation, Text(key.Target), null)
        {
            Kind = key.Kind,
            Outcome = table.Outcomes[key.Outcome],
            Resolved = fact.Resolved == 0 ? null : Text(fact.Resolved),
            Destination = key.Detail == 0 || execution ? null : Text(key.Detail),
            Arguments = execution ? Arguments(key.Detail) : ArgumentVector.Empty,
            IsUnresolved = key.IsUnresolved,
        };
    }

    public string Text(int number)
    {
        if (number >= _texts.Length)
        {
            // The table has grown since: accesses are read while they come.
            Array.Resize(ref _texts, Math.Max(table.Texts.Count, _texts.Length * 2));
        }

        return _texts[number] ??= KernelText.Decode(table.Texts[number]);
    }

    private ProcessIdentity[] Chain(ProcessImage image)
    {
        if (!_chains.TryGetValue(image, out ProcessIdentity[]? chain))
        {
            ProcessIdentity[] parents = image.Parent is null ? [] : Chain(image.Parent);
            long user = image.User == ProcessImage.UnknownUser ? table.InitialUser : image.User;
            ProcessIdentity identity = new(image.Pid, 0, image.Parent?.Pid ?? 0, Text(image.Program))
            {
                Generation = image.Generation,
                Arguments = Arguments(image.Arguments),
                User = user == ProcessImage.UnknownUser ? null : (uint)user,
                CommandName = Text(image.Command),
            };
            _chains.Add(image, chain = [identity, .. parents]);
        }

        return chain;
    }

    public ArgumentVector Arguments(int number)
    {
        if (number == 0)
        {
            return ArgumentVector.Empty;
        }

        if (!_arguments.TryGetValue(number, out ArgumentVector? vector))
        {
            List<byte[]> arguments = [];
            ReadOnlySpan<byte> rest = table.Texts[number];
            int end;
            while ((end = rest.IndexOf((byte)0)) >= 0)
            {
                arguments.Add(rest[..end].ToArray());
                rest = rest[(end + 1)..];
            }

            _arguments.Add(number, vector = ArgumentVector.Of(arguments, isCut: rest.SequenceEqual(CutMark)));
        }

        return vector;
    }
}
