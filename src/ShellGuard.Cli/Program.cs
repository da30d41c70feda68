using ShellGuard.Cli;
using ShellGuard.Cli.Support;

return CalledName.RunLeash(args, out int status) ? status : CommandLine.Run(args);
