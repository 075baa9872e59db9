-- AlterTable
ALTER TABLE "Event" ADD COLUMN "messageId" TEXT;
ALTER TABLE "Event" ADD COLUMN "tagId" TEXT;

-- AlterTable
ALTER TABLE "Integration" ADD COLUMN "pauseCode" TEXT;
ALTER TABLE "Integration" ADD COLUMN "pausedUntil" DATETIME;

-- AlterTable
ALTER TABLE "Tag" ADD COLUMN "removedBy" TEXT;
ALTER TABLE "Tag" ADD COLUMN "successorEntityName" TEXT;
ALTER TABLE "Tag" ADD COLUMN "successorRemoteId" TEXT;

-- CreateTable
CREATE TABLE "VisitorKey" (
    "workspaceId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    PRIMARY KEY ("conversationId", "hash"),
    CONSTRAINT "VisitorKey_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Conversation" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "endedAt" DATETIME,
    "lastMessageAt" DATETIME,
    "url" TEXT,
    "visitorSealed" TEXT NOT NULL,
    "variablesSealed" TEXT NOT NULL,
    "matchDueAt" DATETIME,
    "matchLeaseOwner" TEXT,
    "matchAttempts" INTEGER NOT NULL DEFAULT 0,
    "matchSealed" TEXT,
    "purgedAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Conversation_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Conversation" ("channel", "createdAt", "endedAt", "externalId", "id", "lastMessageAt", "startedAt", "status", "url", "variablesSealed", "visitorSealed", "workspaceId") SELECT "channel", "createdAt", "endedAt", "externalId", "id", "lastMessageAt", "startedAt", "status", "url", "variablesSealed", "visitorSealed", "workspaceId" FROM "Conversation";
DROP TABLE "Conversation";
ALTER TABLE "new_Conversation" RENAME TO "Conversation";
CREATE INDEX "Conversation_workspaceId_startedAt_idx" ON "Conversation"("workspaceId", "startedAt");
CREATE INDEX "Conversation_matchDueAt_idx" ON "Conversation"("matchDueAt");
CREATE INDEX "Conversation_workspaceId_purgedAt_lastMessageAt_idx" ON "Conversation"("workspaceId", "purgedAt", "lastMessageAt");
CREATE UNIQUE INDEX "Conversation_workspaceId_externalId_key" ON "Conversation"("workspaceId", "externalId");
CREATE TABLE "new_Message" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "sentAt" DATETIME NOT NULL,
    "sequence" INTEGER,
    "arrival" INTEGER NOT NULL,
    "contentSealed" TEXT,
    CONSTRAINT "Message_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Message" ("arrival", "author", "contentSealed", "conversationId", "externalId", "id", "sentAt", "sequence", "workspaceId") SELECT "arrival", "author", "contentSealed", "conversationId", "externalId", "id", "sentAt", "sequence", "workspaceId" FROM "Message";
DROP TABLE "Message";
ALTER TABLE "new_Message" RENAME TO "Message";
CREATE UNIQUE INDEX "Message_conversationId_externalId_key" ON "Message"("conversationId", "externalId");
CREATE UNIQUE INDEX "Message_conversationId_arrival_key" ON "Message"("conversationId", "arrival");
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
    "rank" INTEGER NOT NULL DEFAULT 0,
    "forced" BOOLEAN NOT NULL DEFAULT false,
    "failingSince" DATETIME,
    "nextAttemptAt" DATETIME,
    "leaseOwner" TEXT,
    "leaseExpiresAt" DATETIME,
    "errorCode" TEXT,
    "errorSealed" TEXT,
    "errorProviderCode" TEXT,
    "errorRetryAfter" INTEGER,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Push_tagId_fkey" FOREIGN KEY ("tagId") REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Push_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Push_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Push" ("activityType", "attempts", "backendWanted", "backendWritten", "continued", "conversationId", "createdAt", "deliveredMessages", "errorCode", "errorProviderCode", "errorRetryAfter", "generation", "id", "integrationId", "leaseExpiresAt", "leaseOwner", "nextAttemptAt", "planSealed", "plannedMessages", "startsAfter", "status", "tagId", "updatedAt", "wantedMessages", "workspaceId") SELECT "activityType", "attempts", "backendWanted", "backendWritten", "continued", "conversationId", "createdAt", "deliveredMessages", "errorCode", "errorProviderCode", "errorRetryAfter", "generation", "id", "integrationId", "leaseExpiresAt", "leaseOwner", "nextAttemptAt", "planSealed", "plannedMessages", "startsAfter", "status", "tagId", "updatedAt", "wantedMessages", "workspaceId" FROM "Push";
DROP TABLE "Push";
ALTER TABLE "new_Push" RENAME TO "Push";
CREATE INDEX "Push_integrationId_status_rank_nextAttemptAt_idx" ON "Push"("integrationId", "status", "rank", "nextAttemptAt");
CREATE INDEX "Push_workspaceId_createdAt_idx" ON "Push"("workspaceId", "createdAt");
CREATE INDEX "Push_workspaceId_status_createdAt_idx" ON "Push"("workspaceId", "status", "createdAt");
CREATE INDEX "Push_conversationId_idx" ON "Push"("conversationId");
CREATE UNIQUE INDEX "Push_tagId_generation_key" ON "Push"("tagId", "generation");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "VisitorKey_workspaceId_hash_idx" ON "VisitorKey"("workspaceId", "hash");

-- CreateIndex
CREATE INDEX "Event_at_idx" ON "Event"("at");

-- CreateIndex
CREATE INDEX "TagRequest_createdAt_idx" ON "TagRequest"("createdAt");
