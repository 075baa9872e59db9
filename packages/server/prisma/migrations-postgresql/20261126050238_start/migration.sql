-- All that SQLite's migrations up to this name lead to. From here on each has one of the same name on the other side.

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('OWNER', 'ADMIN');

-- CreateEnum
CREATE TYPE "Scope" AS ENUM ('ADMIN', 'SERVICE', 'AGENT');

-- CreateEnum
CREATE TYPE "Provider" AS ENUM ('DYNAMICS', 'SALESFORCE');

-- CreateEnum
CREATE TYPE "IntegrationStatus" AS ENUM ('CONNECTED', 'DISCONNECTED', 'ATTENTION');

-- CreateEnum
CREATE TYPE "EntityKind" AS ENUM ('ACCOUNT', 'CONTACT', 'LEAD', 'CUSTOM');

-- CreateEnum
CREATE TYPE "MatchIdentifier" AS ENUM ('PHONE', 'EMAIL', 'ACCOUNT_ID');

-- CreateEnum
CREATE TYPE "CheckState" AS ENUM ('OK', 'UNCHECKED', 'BROKEN');

-- CreateEnum
CREATE TYPE "ChatsSaveTo" AS ENUM ('NOTES', 'TASK', 'CUSTOM_ACTIVITY');

-- CreateEnum
CREATE TYPE "VariableType" AS ENUM ('CHAT_VARIABLE', 'CONSTANT', 'INPUT');

-- CreateEnum
CREATE TYPE "SettingFieldType" AS ENUM ('TEXT', 'WHOLE_NUMBER', 'CURRENCY', 'DATE', 'DATE_TIME', 'TWO_OPTIONS', 'OPTION_SET', 'MULTI_OPTION_SET', 'STATUS_REASON', 'LOOKUP');

-- CreateEnum
CREATE TYPE "BackendTarget" AS ENUM ('RECORD', 'ACTIVITY');

-- CreateEnum
CREATE TYPE "SettingsSection" AS ENUM ('CONNECTION', 'INTEGRATION', 'DEFAULT_FIELDS', 'ENTITIES', 'EXPORT', 'SEARCH', 'DETAIL', 'BACKEND');

-- CreateEnum
CREATE TYPE "IntentStatus" AS ENUM ('STARTED', 'DONE', 'FAILED');

-- CreateEnum
CREATE TYPE "Channel" AS ENUM ('CHAT', 'SMS');

-- CreateEnum
CREATE TYPE "ConversationStatus" AS ENUM ('ACTIVE', 'ENDED');

-- CreateEnum
CREATE TYPE "Author" AS ENUM ('VISITOR', 'AGENT', 'SYSTEM');

-- CreateEnum
CREATE TYPE "PushStatus" AS ENUM ('WAITING_FOR_END', 'WAITING_FOR_INTEGRATION', 'QUEUED', 'DELIVERING', 'RETRYING', 'DELIVERED', 'PARTIAL', 'FAILED', 'DISCARDED');

-- CreateTable
CREATE TABLE "Workspace" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "timeZone" TEXT COLLATE "C" NOT NULL DEFAULT 'UTC',
    "countryCode" TEXT COLLATE "C" NOT NULL DEFAULT 'US',
    "retentionDays" INTEGER,
    "brand" TEXT COLLATE "C" NOT NULL DEFAULT 'Alive',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Member" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "role" "Role" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Invite" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "email" TEXT COLLATE "C" NOT NULL,
    "role" "Role" NOT NULL,
    "tokenHash" TEXT COLLATE "C" NOT NULL,
    "invitedBy" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),
    "withdrawnAt" TIMESTAMP(3),

    CONSTRAINT "Invite_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "scope" "Scope" NOT NULL,
    "preview" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMP(3),
    "expiresAt" TIMESTAMP(3),
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "email" TEXT COLLATE "C" NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "twoFactorEnabled" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TwoFactor" (
    "id" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "secret" TEXT COLLATE "C" NOT NULL,
    "backupCodes" TEXT COLLATE "C" NOT NULL,
    "verified" BOOLEAN NOT NULL DEFAULT false,
    "failedVerificationCount" INTEGER NOT NULL DEFAULT 0,
    "lockedUntil" TIMESTAMP(3),

    CONSTRAINT "TwoFactor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT COLLATE "C" NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "token" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "ipAddress" TEXT COLLATE "C",
    "userAgent" TEXT COLLATE "C",
    "userId" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuthAccount" (
    "id" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "providerId" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "accessToken" TEXT COLLATE "C",
    "refreshToken" TEXT COLLATE "C",
    "idToken" TEXT COLLATE "C",
    "accessTokenExpiresAt" TIMESTAMP(3),
    "refreshTokenExpiresAt" TIMESTAMP(3),
    "scope" TEXT COLLATE "C",
    "password" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "AuthAccount_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Verification" (
    "id" TEXT COLLATE "C" NOT NULL,
    "identifier" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Integration" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "provider" "Provider" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "url" TEXT COLLATE "C" NOT NULL,
    "orgId" TEXT COLLATE "C",
    "emulated" BOOLEAN NOT NULL DEFAULT false,
    "status" "IntegrationStatus" NOT NULL,
    "problems" JSON NOT NULL,
    "connectedAt" TIMESTAMP(3),
    "connectedAs" TEXT COLLATE "C",
    "configSealed" TEXT COLLATE "C" NOT NULL,
    "pausedUntil" TIMESTAMP(3),
    "pauseCode" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Integration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IntegrationToken" (
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "tokensSealed" TEXT COLLATE "C",
    "lockOwner" TEXT COLLATE "C",
    "lockExpiresAt" TIMESTAMP(3),
    "lastUsedAt" TIMESTAMP(3),
    "promptedAt" TIMESTAMP(3),

    CONSTRAINT "IntegrationToken_pkey" PRIMARY KEY ("integrationId")
);

-- CreateTable
CREATE TABLE "SignInAttempt" (
    "stateHash" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "provider" "Provider" NOT NULL,
    "detailSealed" TEXT COLLATE "C" NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "SignInAttempt_pkey" PRIMARY KEY ("stateHash")
);

-- CreateTable
CREATE TABLE "EntityType" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "kind" "EntityKind" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "displayName" TEXT COLLATE "C" NOT NULL,
    "primaryField" TEXT COLLATE "C" NOT NULL,
    "primaryFieldLabel" TEXT COLLATE "C" NOT NULL,
    "searchable" BOOLEAN NOT NULL DEFAULT true,
    "creatable" BOOLEAN NOT NULL DEFAULT true,
    "position" INTEGER NOT NULL,
    "check" "CheckState" NOT NULL DEFAULT 'OK',
    "problem" TEXT COLLATE "C",
    "brokenSince" TIMESTAMP(3),

    CONSTRAINT "EntityType_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Settings" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "searchOrder" JSON NOT NULL,
    "fetchCrmData" BOOLEAN NOT NULL DEFAULT false,
    "autoSmsEnabled" BOOLEAN NOT NULL DEFAULT false,
    "autoSmsEntityTypeId" TEXT COLLATE "C",
    "autoSmsField" TEXT COLLATE "C",
    "autoSmsIdentifier" "MatchIdentifier" NOT NULL DEFAULT 'PHONE',
    "autoChatEnabled" BOOLEAN NOT NULL DEFAULT false,
    "tagSingleMatchUnasked" BOOLEAN NOT NULL DEFAULT false,
    "check" "CheckState" NOT NULL DEFAULT 'OK',
    "problem" TEXT COLLATE "C",
    "brokenSince" TIMESTAMP(3),

    CONSTRAINT "Settings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DynamicsSettings" (
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "allowNewCreation" BOOLEAN NOT NULL DEFAULT false,
    "allowActivityClosing" BOOLEAN NOT NULL DEFAULT false,
    "chatsSaveTo" "ChatsSaveTo" NOT NULL DEFAULT 'NOTES',
    "activityTypeName" TEXT COLLATE "C",

    CONSTRAINT "DynamicsSettings_pkey" PRIMARY KEY ("integrationId")
);

-- CreateTable
CREATE TABLE "SalesforceSettings" (
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "allowActivitySubjectChange" BOOLEAN NOT NULL DEFAULT false,
    "subjectSuffix" TEXT COLLATE "C",
    "personAccountEnabled" BOOLEAN NOT NULL DEFAULT true,
    "accountNumberUsed" BOOLEAN NOT NULL DEFAULT true,
    "accountEmailField" TEXT COLLATE "C",
    "sessionIdleMinutes" INTEGER NOT NULL DEFAULT 120,
    "sessionGraceSeconds" INTEGER NOT NULL DEFAULT 60,

    CONSTRAINT "SalesforceSettings_pkey" PRIMARY KEY ("integrationId")
);

-- CreateTable
CREATE TABLE "AutoChatRule" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "identifier" "MatchIdentifier" NOT NULL,
    "entityTypeId" TEXT COLLATE "C" NOT NULL,
    "field" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "AutoChatRule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DefaultField" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "kind" "EntityKind" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "required" BOOLEAN NOT NULL DEFAULT false,
    "showOnForm" BOOLEAN NOT NULL DEFAULT true,
    "check" "CheckState" NOT NULL DEFAULT 'OK',
    "problem" TEXT COLLATE "C",
    "brokenSince" TIMESTAMP(3),

    CONSTRAINT "DefaultField_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ExportField" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "entityTypeId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "variableType" "VariableType" NOT NULL,
    "fieldType" "SettingFieldType",
    "variable" TEXT COLLATE "C",
    "value" TEXT COLLATE "C",
    "values" JSON,
    "lookupValue" JSON,
    "label" TEXT COLLATE "C",
    "required" BOOLEAN NOT NULL DEFAULT false,
    "maxLength" INTEGER,
    "useCurrentDate" BOOLEAN NOT NULL DEFAULT false,
    "lookup" JSON,
    "check" "CheckState" NOT NULL DEFAULT 'OK',
    "problem" TEXT COLLATE "C",
    "brokenSince" TIMESTAMP(3),

    CONSTRAINT "ExportField_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SearchField" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "entityTypeId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "fieldType" "SettingFieldType" NOT NULL,
    "filter" JSON,
    "position" INTEGER NOT NULL,
    "check" "CheckState" NOT NULL DEFAULT 'OK',
    "problem" TEXT COLLATE "C",
    "brokenSince" TIMESTAMP(3),

    CONSTRAINT "SearchField_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DetailField" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "entityTypeId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "fieldType" "SettingFieldType" NOT NULL,
    "filter" JSON,
    "position" INTEGER NOT NULL,
    "check" "CheckState" NOT NULL DEFAULT 'OK',
    "problem" TEXT COLLATE "C",
    "brokenSince" TIMESTAMP(3),

    CONSTRAINT "DetailField_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BackendField" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "target" "BackendTarget" NOT NULL,
    "entityTypeId" TEXT COLLATE "C",
    "name" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "variableType" "VariableType" NOT NULL,
    "fieldType" "SettingFieldType" NOT NULL,
    "value" TEXT COLLATE "C",
    "values" JSON,
    "lookupValue" JSON,
    "label" TEXT COLLATE "C",
    "overwrite" BOOLEAN NOT NULL DEFAULT false,
    "lookup" JSON,
    "check" "CheckState" NOT NULL DEFAULT 'OK',
    "problem" TEXT COLLATE "C",
    "brokenSince" TIMESTAMP(3),

    CONSTRAINT "BackendField_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SettingsChange" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "version" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "by" TEXT COLLATE "C" NOT NULL,
    "section" "SettingsSection" NOT NULL,
    "summary" TEXT COLLATE "C" NOT NULL,
    "before" JSON,
    "after" JSON,
    "document" JSON NOT NULL,

    CONSTRAINT "SettingsChange_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ChatVariable" (
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ChatVariable_pkey" PRIMARY KEY ("workspaceId","name")
);

-- CreateTable
CREATE TABLE "RecordIntent" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "idempotencyKey" TEXT COLLATE "C" NOT NULL,
    "inputHash" TEXT COLLATE "C" NOT NULL,
    "entityName" TEXT COLLATE "C" NOT NULL,
    "remoteId" TEXT COLLATE "C",
    "status" "IntentStatus" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "RecordIntent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Conversation" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "externalId" TEXT COLLATE "C" NOT NULL,
    "channel" "Channel" NOT NULL,
    "status" "ConversationStatus" NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),
    "lastMessageAt" TIMESTAMP(3),
    "url" TEXT COLLATE "C",
    "visitorSealed" TEXT COLLATE "C" NOT NULL,
    "variablesSealed" TEXT COLLATE "C" NOT NULL,
    "matchDueAt" TIMESTAMP(3),
    "matchLeaseOwner" TEXT COLLATE "C",
    "matchAttempts" INTEGER NOT NULL DEFAULT 0,
    "matchSealed" TEXT COLLATE "C",
    "purgedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "VisitorKey" (
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "conversationId" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "VisitorKey_pkey" PRIMARY KEY ("conversationId","hash")
);

-- CreateTable
CREATE TABLE "Message" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "conversationId" TEXT COLLATE "C" NOT NULL,
    "externalId" TEXT COLLATE "C" NOT NULL,
    "author" "Author" NOT NULL,
    "sentAt" TIMESTAMP(3) NOT NULL,
    "sequence" INTEGER,
    "arrival" INTEGER NOT NULL,
    "contentSealed" TEXT COLLATE "C",

    CONSTRAINT "Message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Tag" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "conversationId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "entityName" TEXT COLLATE "C" NOT NULL,
    "remoteId" TEXT COLLATE "C" NOT NULL,
    "snapshotSealed" TEXT COLLATE "C" NOT NULL,
    "taggedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "taggedBy" TEXT COLLATE "C",
    "automatic" BOOLEAN NOT NULL DEFAULT false,
    "removedAt" TIMESTAMP(3),
    "removedBy" TEXT COLLATE "C",
    "successorEntityName" TEXT COLLATE "C",
    "successorRemoteId" TEXT COLLATE "C",
    "backendValuesSealed" TEXT COLLATE "C",

    CONSTRAINT "Tag_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Push" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "conversationId" TEXT COLLATE "C" NOT NULL,
    "integrationId" TEXT COLLATE "C" NOT NULL,
    "tagId" TEXT COLLATE "C" NOT NULL,
    "status" "PushStatus" NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "planSealed" TEXT COLLATE "C",
    "activityType" TEXT COLLATE "C" NOT NULL,
    "startsAfter" INTEGER NOT NULL DEFAULT 0,
    "wantedMessages" INTEGER NOT NULL DEFAULT 0,
    "plannedMessages" INTEGER NOT NULL DEFAULT 0,
    "deliveredMessages" INTEGER NOT NULL DEFAULT 0,
    "continued" BOOLEAN NOT NULL DEFAULT false,
    "backendWanted" INTEGER NOT NULL DEFAULT 1,
    "backendWritten" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "rank" INTEGER NOT NULL DEFAULT 0,
    "forced" BOOLEAN NOT NULL DEFAULT false,
    "failingSince" TIMESTAMP(3),
    "nextAttemptAt" TIMESTAMP(3),
    "leaseOwner" TEXT COLLATE "C",
    "leaseExpiresAt" TIMESTAMP(3),
    "errorCode" TEXT COLLATE "C",
    "errorSealed" TEXT COLLATE "C",
    "errorProviderCode" TEXT COLLATE "C",
    "errorRetryAfter" INTEGER,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Push_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PushActivity" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "pushId" TEXT COLLATE "C" NOT NULL,
    "part" INTEGER NOT NULL,
    "remoteId" TEXT COLLATE "C",
    "url" TEXT COLLATE "C",
    "closed" BOOLEAN NOT NULL DEFAULT false,
    "textHash" TEXT COLLATE "C",
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "intendedHash" TEXT COLLATE "C",
    "attemptedAt" TIMESTAMP(3),

    CONSTRAINT "PushActivity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TagRequest" (
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "idempotencyKey" TEXT COLLATE "C" NOT NULL,
    "inputHash" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "TagRequest_pkey" PRIMARY KEY ("workspaceId","idempotencyKey")
);

-- CreateTable
CREATE TABLE "Event" (
    "id" BIGSERIAL NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "pushId" TEXT COLLATE "C",
    "integrationId" TEXT COLLATE "C",
    "conversationId" TEXT COLLATE "C",
    "settingsChangeId" TEXT COLLATE "C",
    "messageId" TEXT COLLATE "C",
    "tagId" TEXT COLLATE "C",
    "expiresAt" TIMESTAMP(3),
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" TEXT COLLATE "C" NOT NULL,
    "workspaceId" TEXT COLLATE "C" NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "actor" TEXT COLLATE "C" NOT NULL,
    "actorId" TEXT COLLATE "C",
    "action" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C",
    "subjectId" TEXT COLLATE "C",
    "address" TEXT COLLATE "C",

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Member_userId_key" ON "Member"("userId");

-- CreateIndex
CREATE INDEX "Member_workspaceId_idx" ON "Member"("workspaceId");

-- CreateIndex
CREATE UNIQUE INDEX "Invite_tokenHash_key" ON "Invite"("tokenHash");

-- CreateIndex
CREATE INDEX "Invite_workspaceId_idx" ON "Invite"("workspaceId");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_hash_key" ON "ApiKey"("hash");

-- CreateIndex
CREATE INDEX "ApiKey_workspaceId_idx" ON "ApiKey"("workspaceId");

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "TwoFactor_userId_key" ON "TwoFactor"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Session_token_key" ON "Session"("token");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "AuthAccount_userId_idx" ON "AuthAccount"("userId");

-- CreateIndex
CREATE INDEX "Verification_identifier_idx" ON "Verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "Integration_workspaceId_orgId_key" ON "Integration"("workspaceId", "orgId");

-- CreateIndex
CREATE UNIQUE INDEX "EntityType_integrationId_name_key" ON "EntityType"("integrationId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Settings_integrationId_key" ON "Settings"("integrationId");

-- CreateIndex
CREATE INDEX "AutoChatRule_integrationId_idx" ON "AutoChatRule"("integrationId");

-- CreateIndex
CREATE UNIQUE INDEX "DefaultField_integrationId_kind_name_key" ON "DefaultField"("integrationId", "kind", "name");

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

-- CreateIndex
CREATE UNIQUE INDEX "RecordIntent_workspaceId_idempotencyKey_key" ON "RecordIntent"("workspaceId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "Conversation_workspaceId_startedAt_idx" ON "Conversation"("workspaceId", "startedAt");

-- CreateIndex
CREATE INDEX "Conversation_matchDueAt_idx" ON "Conversation"("matchDueAt");

-- CreateIndex
CREATE INDEX "Conversation_workspaceId_purgedAt_lastMessageAt_idx" ON "Conversation"("workspaceId", "purgedAt", "lastMessageAt");

-- CreateIndex
CREATE UNIQUE INDEX "Conversation_workspaceId_externalId_key" ON "Conversation"("workspaceId", "externalId");

-- CreateIndex
CREATE INDEX "VisitorKey_workspaceId_hash_idx" ON "VisitorKey"("workspaceId", "hash");

-- CreateIndex
CREATE UNIQUE INDEX "Message_conversationId_externalId_key" ON "Message"("conversationId", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "Message_conversationId_arrival_key" ON "Message"("conversationId", "arrival");

-- CreateIndex
CREATE UNIQUE INDEX "Tag_conversationId_integrationId_entityName_remoteId_key" ON "Tag"("conversationId", "integrationId", "entityName", "remoteId");

-- CreateIndex
CREATE INDEX "Push_integrationId_status_rank_nextAttemptAt_idx" ON "Push"("integrationId", "status", "rank", "nextAttemptAt");

-- CreateIndex
CREATE INDEX "Push_workspaceId_createdAt_idx" ON "Push"("workspaceId", "createdAt");

-- CreateIndex
CREATE INDEX "Push_workspaceId_status_createdAt_idx" ON "Push"("workspaceId", "status", "createdAt");

-- CreateIndex
CREATE INDEX "Push_conversationId_idx" ON "Push"("conversationId");

-- CreateIndex
CREATE UNIQUE INDEX "Push_tagId_generation_key" ON "Push"("tagId", "generation");

-- CreateIndex
CREATE UNIQUE INDEX "PushActivity_pushId_part_key" ON "PushActivity"("pushId", "part");

-- CreateIndex
CREATE INDEX "TagRequest_createdAt_idx" ON "TagRequest"("createdAt");

-- CreateIndex
CREATE INDEX "Event_workspaceId_id_idx" ON "Event"("workspaceId", "id");

-- CreateIndex
CREATE INDEX "Event_at_idx" ON "Event"("at");

-- CreateIndex
CREATE INDEX "AuditEntry_workspaceId_id_idx" ON "AuditEntry"("workspaceId", "id");

-- AddForeignKey
ALTER TABLE "Member" ADD CONSTRAINT "Member_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Member" ADD CONSTRAINT "Member_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Invite" ADD CONSTRAINT "Invite_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TwoFactor" ADD CONSTRAINT "TwoFactor_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AuthAccount" ADD CONSTRAINT "AuthAccount_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Integration" ADD CONSTRAINT "Integration_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "IntegrationToken" ADD CONSTRAINT "IntegrationToken_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "EntityType" ADD CONSTRAINT "EntityType_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Settings" ADD CONSTRAINT "Settings_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DynamicsSettings" ADD CONSTRAINT "DynamicsSettings_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings"("integrationId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SalesforceSettings" ADD CONSTRAINT "SalesforceSettings_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings"("integrationId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AutoChatRule" ADD CONSTRAINT "AutoChatRule_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings"("integrationId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DefaultField" ADD CONSTRAINT "DefaultField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings"("integrationId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ExportField" ADD CONSTRAINT "ExportField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings"("integrationId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ExportField" ADD CONSTRAINT "ExportField_entityTypeId_fkey" FOREIGN KEY ("entityTypeId") REFERENCES "EntityType"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SearchField" ADD CONSTRAINT "SearchField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings"("integrationId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SearchField" ADD CONSTRAINT "SearchField_entityTypeId_fkey" FOREIGN KEY ("entityTypeId") REFERENCES "EntityType"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DetailField" ADD CONSTRAINT "DetailField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings"("integrationId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DetailField" ADD CONSTRAINT "DetailField_entityTypeId_fkey" FOREIGN KEY ("entityTypeId") REFERENCES "EntityType"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BackendField" ADD CONSTRAINT "BackendField_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings"("integrationId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BackendField" ADD CONSTRAINT "BackendField_entityTypeId_fkey" FOREIGN KEY ("entityTypeId") REFERENCES "EntityType"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SettingsChange" ADD CONSTRAINT "SettingsChange_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Settings"("integrationId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChatVariable" ADD CONSTRAINT "ChatVariable_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "VisitorKey" ADD CONSTRAINT "VisitorKey_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Tag" ADD CONSTRAINT "Tag_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Tag" ADD CONSTRAINT "Tag_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Push" ADD CONSTRAINT "Push_tagId_fkey" FOREIGN KEY ("tagId") REFERENCES "Tag"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Push" ADD CONSTRAINT "Push_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Push" ADD CONSTRAINT "Push_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PushActivity" ADD CONSTRAINT "PushActivity_pushId_fkey" FOREIGN KEY ("pushId") REFERENCES "Push"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was written stays as it is: no statement changes or removes it. (A second row of the same id is refused by its key.)
CREATE FUNCTION "AuditEntry_stays"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Entries of the audit log are never %', CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END;
END
$$;

CREATE TRIGGER "AuditEntry_no_update" BEFORE UPDATE ON "AuditEntry"
FOR EACH ROW EXECUTE FUNCTION "AuditEntry_stays"();

CREATE TRIGGER "AuditEntry_no_delete" BEFORE DELETE ON "AuditEntry"
FOR EACH ROW EXECUTE FUNCTION "AuditEntry_stays"();

CREATE TRIGGER "AuditEntry_no_truncate" BEFORE TRUNCATE ON "AuditEntry"
FOR EACH STATEMENT EXECUTE FUNCTION "AuditEntry_stays"();

-- Of two transactions the one that took the greater id may commit first. Whoever follows the events by their ids would pass
-- the other by, so each transaction says from which id on it writes, before it takes one, by a lock that lasts as long as
-- itself: readers stay behind the least of them (src/events/settled-store.ts). The lock is shared: nobody waits for it.
CREATE FUNCTION "Event_announce"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('backchannel.announced', true), '') = '' THEN
        -- 0x4243 in the first 16 bits tells these locks from others; the id behind which it writes is in the others.
        PERFORM pg_advisory_xact_lock_shared(
            (x'4243'::bigint << 48) | (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM "Event_id_seq")
        );
        PERFORM set_config('backchannel.announced', 'yes', true);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "Event_announce" BEFORE INSERT ON "Event"
FOR EACH STATEMENT EXECUTE FUNCTION "Event_announce"();
