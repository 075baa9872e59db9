-- Enums become text, as on SQLite: they sort alike, and an index is searched by them behind row-level security too. There,
-- PostgreSQL searches an index only by comparisons that it knows to tell nothing of the rows that they look at, and those of
-- enums are not among them.

ALTER TABLE "Member"
    ALTER COLUMN "role" SET DATA TYPE TEXT COLLATE "C" USING "role"::text;

ALTER TABLE "Invite"
    ALTER COLUMN "role" SET DATA TYPE TEXT COLLATE "C" USING "role"::text;

ALTER TABLE "ApiKey"
    ALTER COLUMN "scope" SET DATA TYPE TEXT COLLATE "C" USING "scope"::text;

ALTER TABLE "Integration"
    ALTER COLUMN "provider" SET DATA TYPE TEXT COLLATE "C" USING "provider"::text,
    ALTER COLUMN "status" SET DATA TYPE TEXT COLLATE "C" USING "status"::text;

ALTER TABLE "SignInAttempt"
    ALTER COLUMN "provider" SET DATA TYPE TEXT COLLATE "C" USING "provider"::text;

ALTER TABLE "EntityType"
    ALTER COLUMN "kind" SET DATA TYPE TEXT COLLATE "C" USING "kind"::text,
    ALTER COLUMN "check" DROP DEFAULT,
    ALTER COLUMN "check" SET DATA TYPE TEXT COLLATE "C" USING "check"::text,
    ALTER COLUMN "check" SET DEFAULT 'OK';

ALTER TABLE "Settings"
    ALTER COLUMN "autoSmsIdentifier" DROP DEFAULT,
    ALTER COLUMN "autoSmsIdentifier" SET DATA TYPE TEXT COLLATE "C" USING "autoSmsIdentifier"::text,
    ALTER COLUMN "autoSmsIdentifier" SET DEFAULT 'PHONE',
    ALTER COLUMN "check" DROP DEFAULT,
    ALTER COLUMN "check" SET DATA TYPE TEXT COLLATE "C" USING "check"::text,
    ALTER COLUMN "check" SET DEFAULT 'OK';

ALTER TABLE "DynamicsSettings"
    ALTER COLUMN "chatsSaveTo" DROP DEFAULT,
    ALTER COLUMN "chatsSaveTo" SET DATA TYPE TEXT COLLATE "C" USING "chatsSaveTo"::text,
    ALTER COLUMN "chatsSaveTo" SET DEFAULT 'NOTES';

ALTER TABLE "AutoChatRule"
    ALTER COLUMN "identifier" SET DATA TYPE TEXT COLLATE "C" USING "identifier"::text;

ALTER TABLE "DefaultField"
    ALTER COLUMN "kind" SET DATA TYPE TEXT COLLATE "C" USING "kind"::text,
    ALTER COLUMN "check" DROP DEFAULT,
    ALTER COLUMN "check" SET DATA TYPE TEXT COLLATE "C" USING "check"::text,
    ALTER COLUMN "check" SET DEFAULT 'OK';

ALTER TABLE "ExportField"
    ALTER COLUMN "variableType" SET DATA TYPE TEXT COLLATE "C" USING "variableType"::text,
    ALTER COLUMN "fieldType" SET DATA TYPE TEXT COLLATE "C" USING "fieldType"::text,
    ALTER COLUMN "check" DROP DEFAULT,
    ALTER COLUMN "check" SET DATA TYPE TEXT COLLATE "C" USING "check"::text,
    ALTER COLUMN "check" SET DEFAULT 'OK';

ALTER TABLE "SearchField"
    ALTER COLUMN "fieldType" SET DATA TYPE TEXT COLLATE "C" USING "fieldType"::text,
    ALTER COLUMN "check" DROP DEFAULT,
    ALTER COLUMN "check" SET DATA TYPE TEXT COLLATE "C" USING "check"::text,
    ALTER COLUMN "check" SET DEFAULT 'OK';

ALTER TABLE "DetailField"
    ALTER COLUMN "fieldType" SET DATA TYPE TEXT COLLATE "C" USING "fieldType"::text,
    ALTER COLUMN "check" DROP DEFAULT,
    ALTER COLUMN "check" SET DATA TYPE TEXT COLLATE "C" USING "check"::text,
    ALTER COLUMN "check" SET DEFAULT 'OK';

ALTER TABLE "BackendField"
    ALTER COLUMN "target" SET DATA TYPE TEXT COLLATE "C" USING "target"::text,
    ALTER COLUMN "variableType" SET DATA TYPE TEXT COLLATE "C" USING "variableType"::text,
    ALTER COLUMN "fieldType" SET DATA TYPE TEXT COLLATE "C" USING "fieldType"::text,
    ALTER COLUMN "check" DROP DEFAULT,
    ALTER COLUMN "check" SET DATA TYPE TEXT COLLATE "C" USING "check"::text,
    ALTER COLUMN "check" SET DEFAULT 'OK';

ALTER TABLE "SettingsChange"
    ALTER COLUMN "section" SET DATA TYPE TEXT COLLATE "C" USING "section"::text;

ALTER TABLE "RecordIntent"
    ALTER COLUMN "status" SET DATA TYPE TEXT COLLATE "C" USING "status"::text;

ALTER TABLE "Conversation"
    ALTER COLUMN "channel" SET DATA TYPE TEXT COLLATE "C" USING "channel"::text,
    ALTER COLUMN "status" SET DATA TYPE TEXT COLLATE "C" USING "status"::text;

ALTER TABLE "Message"
    ALTER COLUMN "author" SET DATA TYPE TEXT COLLATE "C" USING "author"::text;

ALTER TABLE "Push"
    ALTER COLUMN "status" SET DATA TYPE TEXT COLLATE "C" USING "status"::text;

DROP TYPE "Role";
DROP TYPE "Scope";
DROP TYPE "Provider";
DROP TYPE "IntegrationStatus";
DROP TYPE "EntityKind";
DROP TYPE "MatchIdentifier";
DROP TYPE "CheckState";
DROP TYPE "ChatsSaveTo";
DROP TYPE "VariableType";
DROP TYPE "SettingFieldType";
DROP TYPE "BackendTarget";
DROP TYPE "SettingsSection";
DROP TYPE "IntentStatus";
DROP TYPE "Channel";
DROP TYPE "ConversationStatus";
DROP TYPE "Author";
DROP TYPE "PushStatus";

-- The second wall between workspaces (docs/decisions/0017-a-second-wall-between-workspaces.md): a connection reaches the rows of
-- those workspaces alone that its setting names, with a blank between two, or all where it says '*'. Where it says nothing
-- there is no row. FORCE holds the owner of the tables to it too. Each sub-select is looked up once for a statement.

ALTER TABLE "Workspace" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Workspace" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "id" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "Member" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Member" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "Invite" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Invite" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "ApiKey" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "ApiKey" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "Integration" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Integration" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "IntegrationToken" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "IntegrationToken" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "SignInAttempt" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "SignInAttempt" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "EntityType" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "EntityType" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "Settings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Settings" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "DynamicsSettings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "DynamicsSettings" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "SalesforceSettings" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "SalesforceSettings" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "AutoChatRule" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "AutoChatRule" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "DefaultField" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "DefaultField" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "ExportField" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "ExportField" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "SearchField" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "SearchField" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "DetailField" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "DetailField" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "BackendField" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "BackendField" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "SettingsChange" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "SettingsChange" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "ChatVariable" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "ChatVariable" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "RecordIntent" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "RecordIntent" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "Conversation" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Conversation" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "VisitorKey" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "VisitorKey" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "Message" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Message" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "Tag" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Tag" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "Push" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Push" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "PushActivity" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "PushActivity" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "TagRequest" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "TagRequest" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "Event" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "Event" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "AuditEntry" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "AuditEntry" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);

ALTER TABLE "AuditIntent" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "of_workspace" ON "AuditIntent" USING (
    (SELECT current_setting('backchannel.workspace', true)) = '*'
    OR "workspaceId" = ANY ((SELECT string_to_array(current_setting('backchannel.workspace', true), ' '))::text[])
);
