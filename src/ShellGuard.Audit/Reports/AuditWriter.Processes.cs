using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Reports;

public sealed partial class AuditWriter
{
    private void Lives(ImportResult result)
    {
        for (int index = 0; index < result.Processes.Count; index++)
        {
            Life(index + 1, result.Processes[index]);
        }
    }

    private void Life(int number, SeenProcess process)
    {
        _json.WriteStartObject();
        _json.WriteNumber("life"u8, number);
        _json.WriteNumber("pid"u8, process.Pid);
        _json.WriteNumber("generation"u8, process.Generation);
        if (process.Parent >= 0)
        {
            _json.WriteNumber("parent"u8, process.Parent + 1);
        }

        Place(process.Origin);
        Optional("from"u8, process.Start);
        Optional("to"u8, process.End);
        Optional("status"u8, process.Status);
        if (process.Signal is not null)
        {
            Text("signal"u8, process.Signal);
        }

        _json.WriteNumber("executions"u8, process.Executions);
        if (process.Programs.Count > 0)
        {
            _json.WriteStartArray("programs"u8);
            foreach (RanProgram ran in process.Programs)
            {
                _json.WriteStartObject();
                Text("program"u8, ran.Program);
                Arguments(ran.Arguments);
                _json.WriteEndObject();
            }

            _json.WriteEndArray();
        }

        if (process.Use is { } use)
        {
            Use(use);
        }

        _json.WriteEndObject();
        Line();
    }

    private void Use(ResourceUse use)
    {
        _json.WriteStartObject("use"u8);
        _json.WriteNumber("user"u8, use.User);
        _json.WriteNumber("system"u8, use.System);
        _json.WriteNumber("memory"u8, use.Memory);
        Optional("read"u8, use.Read);
        Optional("written"u8, use.Written);
        Optional("fetched"u8, use.Fetched);
        Optional("stored"u8, use.Stored);
        _json.WriteEndObject();
    }

    private void Environment(ImportResult result)
    {
        if (result.MoreProcesses > 0)
        {
            _json.WriteNumber("moreProcesses"u8, result.MoreProcesses);
        }

        if (result.Environment.Count == 0)
        {
            return;
        }

        _json.WriteStartArray("environment"u8);
        foreach (SeenVariable variable in result.Environment)
        {
            _json.WriteStartObject();
            Text("name"u8, variable.Name);
            _json.WriteBoolean("given"u8, variable.IsGiven);
            _json.WriteNumber("count"u8, variable.Count);
            Place(variable.Origin);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void Users(ImportResult result)
    {
        if (result.IsOfContainer)
        {
            _json.WriteBoolean("container"u8, true);
        }

        if (result.Users.Count == 0)
        {
            return;
        }

        _json.WriteStartArray("users"u8);
        foreach (SeenUser user in result.Users)
        {
            _json.WriteStartObject();
            _json.WriteNumber("user"u8, user.Number);
            Text("name"u8, user.Name);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void Optional(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
    }
}
