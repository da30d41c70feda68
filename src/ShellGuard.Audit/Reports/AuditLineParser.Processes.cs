using ShellGuard.Audit.Model;
using ShellGuard.Journal.Format;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Reports;

internal sealed partial class AuditLineParser
{
    /// <summary>Processes of an audit; a merge has those of several runs.</summary>
    private const int MaxLives = AuditMerge.MaxProcesses;

    private readonly List<SeenProcess> _lives = [];

    private void Life(RecordFields fields)
    {
        if (fields.Int32("life") != _lives.Count + 1 || _lives.Count >= MaxLives)
        {
            throw new FormatException($"field life is not {_lives.Count + 1}, the next number");
        }

        if (_chains.Count > 0 || _accesses.Count > 0)
        {
            throw new FormatException("the life of a process behind accesses");
        }

        int parent = fields.Has("parent") ? fields.Int32("parent") : 0;
        if (fields.Has("parent") && (parent < 1 || parent > _lives.Count))
        {
            throw new FormatException($"field parent is {parent}, and no such process stands before it");
        }

        Origin origin = Place(fields);
        long? start = Amount(fields, "from"), end = Amount(fields, "to");
        if (origin.Input >= _head!.Inputs.Count || (end is not null && start is null) || end < start)
        {
            throw new FormatException("a process whose place or times do not fit");
        }

        long? status = Amount(fields, "status");
        IReadOnlyList<RanProgram> programs = fields.Has("programs")
            ? fields.Objects("programs", ran => new RanProgram(Text(ran, "program"), Arguments(ran)))
            : [];
        long executions = Count(fields, "executions");
        if (status > 255 || programs.Count > SeenProcess.MaxPrograms || programs.Count > executions)
        {
            throw new FormatException("a process that no system has");
        }

        _lives.Add(new SeenProcess(fields.Int32("pid"), fields.Int32("generation"), parent - 1, origin)
        {
            Start = start,
            End = end,
            Status = (int?)status,
            Signal = OptionalText(fields, "signal"),
            Programs = programs,
            Executions = executions,
            Use = fields.Has("use") ? Use(fields.Object("use")) : null,
        });
    }

    private static ResourceUse Use(RecordFields fields) => new(
        Count(fields, "user"), Count(fields, "system"), Count(fields, "memory"), Amount(fields, "read"), Amount(fields, "written"),
        Amount(fields, "fetched"), Amount(fields, "stored"));

    private static IReadOnlyList<SeenVariable> Variables(RecordFields header)
    {
        IReadOnlyList<SeenVariable> variables = header.Objects("environment", variable => new SeenVariable(
            variable.OptionalHostile("name") is { IsTruncated: false } name ? KernelText.Decode(name.Kept.Span) : throw new FormatException("field name is not a text"),
            variable.Boolean("given"), Count(variable, "count"), Place(variable)));
        return variables.Count <= EnvironmentNames.MaxNames ? variables : throw new FormatException("more variables than any writer keeps");
    }

    private static IReadOnlyList<SeenUser> Users(RecordFields header)
    {
        IReadOnlyList<SeenUser> users = header.Objects("users", user => new SeenUser(
            Count(user, "user"),
            user.OptionalHostile("name") is { IsTruncated: false } name ? KernelText.Decode(name.Kept.Span) : throw new FormatException("field name is not a text")));
        for (int index = 1; index < users.Count; index++)
        {
            if (users[index].Number <= users[index - 1].Number)
            {
                throw new FormatException("users that are not in order");
            }
        }

        return users;
    }

    /// <returns>Null where it is left out.</returns>
    private static long? Amount(RecordFields fields, string name) => fields.Has(name) ? Count(fields, name) : null;
}
