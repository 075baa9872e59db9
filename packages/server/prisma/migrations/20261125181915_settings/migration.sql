-- AlterTable
ALTER TABLE "Event" ADD COLUMN "expiresAt" DATETIME;
ALTER TABLE "Event" ADD COLUMN "settingsChangeId" TEXT;

-- AlterTable
ALTER TABLE "IntegrationToken" ADD COLUMN "lastUsedAt" DATETIME;
ALTER TABLE "IntegrationToken" ADD COLUMN "promptedAt" DATETIME;

-- AlterTable
ALTER TABLE "Tag" ADD COLUMN "backendValuesSealed" TEXT;

-- CreateTable
CREATE TABLE "Settings" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "searchOrder" JSONB NOT NULL,
    "fetchCrmData" BOOLEAN NOT NULL DEFAULT false,
    "autoSmsEnabled" BOOLEAN NOT NULL DEFAULT false,
    "autoSmsEntityTypeId" TEXT,
    "autoSmsField" TEXT,
    "autoSmsIdentifier" TEXT NOT NULL DEFAULT 'PHONE',
    "autoChatEnabled" BOOLEAN NOT NULL DEFAULT false,
    "tagSingleMatchUnasked" BOOLEAN NOT NULL DEFAULT false,
    "check" TEXT NOT NULL DEFAULT 'OK',
    "problem" TEXT,
    "brokenSince" DATETIME,
    CONSTRAINT "Settings_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "DynamicsSettings" (
    "integrationId" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "allowNewCreation" BOOLEAN NOT NULL DEFAULT false,
    "allowActivityClosing" BOOLEAN NOT NULL DEFAULT false,
    "chatsSaveTo" TEXT NOT NULL DEFAULT 'NOTES',
    "activityTypeName" TEXT,
    CONSTRAINT "DynamicsSettings_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings" ("integrationId") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SalesforceSettings" (
    "integrationId" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "allowActivitySubjectChange" BOOLEAN NOT NULL DEFAULT false,
    "subjectSuffix" TEXT,
    "personAccountEnabled" BOOLEAN NOT NULL DEFAULT true,
    "accountNumberUsed" BOOLEAN NOT NULL DEFAULT true,
    "accountEmailField" TEXT,
    "sessionIdleMinutes" INTEGER NOT NULL DEFAULT 120,
    "sessionGraceSeconds" INTEGER NOT NULL DEFAULT 60,
    CONSTRAINT "SalesforceSettings_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings" ("integrationId") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AutoChatRule" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "identifier" TEXT NOT NULL,
    "entityTypeId" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    CONSTRAINT "AutoChatRule_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings" ("integrationId") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ExportField" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "entityTypeId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "variableType" TEXT NOT NULL,
    "fieldType" TEXT,
    "variable" TEXT,
    "value" TEXT,
    "values" JSONB,
    "lookupValue" JSONB,
    "label" TEXT,
    "required" BOOLEAN NOT NULL DEFAULT false,
    "maxLength" INTEGER,
    "useCurrentDate" BOOLEAN NOT NULL DEFAULT false,
    "lookup" JSONB,
    "check" TEXT NOT NULL DEFAULT 'OK',
    "problem" TEXT,
    "brokenSince" DATETIME,
    CONSTRAINT "ExportField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings" ("integrationId") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "ExportField_entityTypeId_fkey" FOREIGN KEY ("entityTypeId") REFERENCES "EntityType" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SearchField" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "entityTypeId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "fieldType" TEXT NOT NULL,
    "filter" JSONB,
    "position" INTEGER NOT NULL,
    "check" TEXT NOT NULL DEFAULT 'OK',
    "problem" TEXT,
    "brokenSince" DATETIME,
    CONSTRAINT "SearchField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings" ("integrationId") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "SearchField_entityTypeId_fkey" FOREIGN KEY ("entityTypeId") REFERENCES "EntityType" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "DetailField" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "entityTypeId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "fieldType" TEXT NOT NULL,
    "filter" JSONB,
    "position" INTEGER NOT NULL,
    "check" TEXT NOT NULL DEFAULT 'OK',
    "problem" TEXT,
    "brokenSince" DATETIME,
    CONSTRAINT "DetailField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings" ("integrationId") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "DetailField_entityTypeId_fkey" FOREIGN KEY ("entityTypeId") REFERENCES "EntityType" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "BackendField" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "entityTypeId" TEXT,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "variableType" TEXT NOT NULL,
    "fieldType" TEXT NOT NULL,
    "value" TEXT,
    "values" JSONB,
    "lookupValue" JSONB,
    "label" TEXT,
    "overwrite" BOOLEAN NOT NULL DEFAULT false,
    "lookup" JSONB,
    "check" TEXT NOT NULL DEFAULT 'OK',
    "problem" TEXT,
    "brokenSince" DATETIME,
    CONSTRAINT "BackendField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings" ("integrationId") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "BackendField_entityTypeId_fkey" FOREIGN KEY ("entityTypeId") REFERENCES "EntityType" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SettingsChange" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "by" TEXT NOT NULL,
    "section" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "document" JSONB NOT NULL,
    CONSTRAINT "SettingsChange_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings" ("integrationId") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ChatVariable" (
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,

    PRIMARY KEY ("workspaceId", "name"),
    CONSTRAINT "ChatVariable_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- What is connected already gets the settings that a new integration starts with.
INSERT INTO "Settings" ("id", "workspaceId", "integrationId", "searchOrder")
SELECT "id", "workspaceId", "id", '["PHONE","EMAIL","FULL_NAME"]' FROM "Integration";
INSERT INTO "DynamicsSettings" ("integrationId", "workspaceId")
SELECT "id", "workspaceId" FROM "Integration" WHERE "provider" = 'DYNAMICS';
INSERT INTO "SalesforceSettings" ("integrationId", "workspaceId")
SELECT "id", "workspaceId" FROM "Integration" WHERE "provider" = 'SALESFORCE';

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_DefaultField" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "required" BOOLEAN NOT NULL DEFAULT false,
    "showOnForm" BOOLEAN NOT NULL DEFAULT true,
    "check" TEXT NOT NULL DEFAULT 'OK',
    "problem" TEXT,
    "brokenSince" DATETIME,
    CONSTRAINT "DefaultField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings" ("integrationId") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_DefaultField" ("id", "integrationId", "kind", "name", "required", "showOnForm", "workspaceId") SELECT "id", "integrationId", "kind", "name", "required", "showOnForm", "workspaceId" FROM "DefaultField";
DROP TABLE "DefaultField";
ALTER TABLE "new_DefaultField" RENAME TO "DefaultField";
CREATE UNIQUE INDEX "DefaultField_integrationId_kind_name_key" ON "DefaultField"("integrationId", "kind", "name");
CREATE TABLE "new_EntityType" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "primaryField" TEXT NOT NULL,
    "primaryFieldLabel" TEXT NOT NULL,
    "searchable" BOOLEAN NOT NULL DEFAULT true,
    "creatable" BOOLEAN NOT NULL DEFAULT true,
    "position" INTEGER NOT NULL,
    "check" TEXT NOT NULL DEFAULT 'OK',
    "problem" TEXT,
    "brokenSince" DATETIME,
    CONSTRAINT "EntityType_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_EntityType" ("creatable", "displayName", "id", "integrationId", "kind", "name", "position", "primaryField", "primaryFieldLabel", "searchable", "workspaceId") SELECT "creatable", "displayName", "id", "integrationId", "kind", "name", "position", "primaryField", "primaryFieldLabel", "searchable", "workspaceId" FROM "EntityType";
DROP TABLE "EntityType";
ALTER TABLE "new_EntityType" RENAME TO "EntityType";
CREATE UNIQUE INDEX "EntityType_integrationId_name_key" ON "EntityType"("integrationId", "name");
CREATE TABLE "new_Integration" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "orgId" TEXT,
    "emulated" BOOLEAN NOT NULL DEFAULT false,
    "status" TEXT NOT NULL,
    "problems" JSONB NOT NULL,
    "connectedAt" DATETIME,
    "connectedAs" TEXT,
    "configSealed" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Integration_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Integration" ("configSealed", "connectedAs", "connectedAt", "createdAt", "emulated", "id", "name", "orgId", "problems", "provider", "status", "url", "workspaceId") SELECT "configSealed", "connectedAs", "connectedAt", "createdAt", "emulated", "id", "name", "orgId", "problems", "provider", "status", "url", "workspaceId" FROM "Integration";
DROP TABLE "Integration";
ALTER TABLE "new_Integration" RENAME TO "Integration";
CREATE UNIQUE INDEX "Integration_workspaceId_orgId_key" ON "Integration"("workspaceId", "orgId");
CREATE TABLE "new_Push" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "tagId" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "planSealed" TEXT,
    "activityType" TEXT NOT NULL,
    "startsAfter" INTEGER NOT NULL DEFAULT 0,
    "wantedMessages" INTEGER NOT NULL DEFAULT 0,
    "plannedMessages" INTEGER NOT NULL DEFAULT 0,
    "deliveredMessages" INTEGER NOT NULL DEFAULT 0,
    "continued" BOOLEAN NOT NULL DEFAULT false,
    "backendWanted" INTEGER NOT NULL DEFAULT 1,
    "backendWritten" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" DATETIME,
    "leaseOwner" TEXT,
    "leaseExpiresAt" DATETIME,
    "errorCode" TEXT,
    "errorMessage" TEXT,
    "errorProviderCode" TEXT,
    "errorRetryAfter" INTEGER,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Push_tagId_fkey" FOREIGN KEY ("tagId") REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Push_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Push_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Push" ("activityType", "attempts", "continued", "conversationId", "createdAt", "deliveredMessages", "errorCode", "errorMessage", "errorProviderCode", "errorRetryAfter", "generation", "id", "integrationId", "leaseExpiresAt", "leaseOwner", "nextAttemptAt", "planSealed", "plannedMessages", "startsAfter", "status", "tagId", "updatedAt", "wantedMessages", "workspaceId") SELECT "activityType", "attempts", "continued", "conversationId", "createdAt", "deliveredMessages", "errorCode", "errorMessage", "errorProviderCode", "errorRetryAfter", "generation", "id", "integrationId", "leaseExpiresAt", "leaseOwner", "nextAttemptAt", "planSealed", "plannedMessages", "startsAfter", "status", "tagId", "updatedAt", "wantedMessages", "workspaceId" FROM "Push";
DROP TABLE "Push";
ALTER TABLE "new_Push" RENAME TO "Push";
CREATE INDEX "Push_status_nextAttemptAt_idx" ON "Push"("status", "nextAttemptAt");
CREATE INDEX "Push_workspaceId_createdAt_idx" ON "Push"("workspaceId", "createdAt");
CREATE INDEX "Push_conversationId_idx" ON "Push"("conversationId");
CREATE UNIQUE INDEX "Push_tagId_generation_key" ON "Push"("tagId", "generation");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE UNIQUE INDEX "Settings_integrationId_key" ON "Settings"("integrationId");

-- CreateIndex
CREATE INDEX "AutoChatRule_integrationId_idx" ON "AutoChatRule"("integrationId");

-- CreateIndex
CREATE INDEX "ExportField_integrationId_idx" ON "ExportField"("integrationId");

-- CreateIndex
CREATE UNIQUE INDEX "ExportField_entityTypeId_name_key" ON "ExportField"("entityTypeId", "name");

-- CreateIndex
CREATE INDEX "SearchField_integrationId_idx" ON "SearchField"("integrationId");

-- CreateIndex
CREATE UNIQUE INDEX "SearchField_entityTypeId_name_key" ON "SearchField"("entityTypeId", "name");

-- CreateIndex
CREATE INDEX "DetailField_integrationId_idx" ON "DetailField"("integrationId");

-- CreateIndex
CREATE UNIQUE INDEX "DetailField_entityTypeId_name_key" ON "DetailField"("entityTypeId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "BackendField_integrationId_target_entityTypeId_name_key" ON "BackendField"("integrationId", "target", "entityTypeId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "SettingsChange_integrationId_version_key" ON "SettingsChange"("integrationId", "version");
